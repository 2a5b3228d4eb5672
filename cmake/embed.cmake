# whirl_embed(FOLDER FUNCTION FILE) puts a text file into the folder's library as
#   std::string_view whirl::FOLDER::FUNCTION();
# which the folder declares in FUNCTION.h. The file itself is not needed when the program runs.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ ${INPUT} text)
  file(WRITE ${OUTPUT} "#include \"${FOLDER}/${FUNCTION}.h\"

namespace whirl::${FOLDER} {

std::string_view ${FUNCTION}() {
  return R\"embedded(${text})embedded\";
}

}  // namespace whirl::${FOLDER}
")
  return()
endif()

function(whirl_embed folder function file)
  set(input ${CMAKE_SOURCE_DIR}/${file})
  set(output ${CMAKE_BINARY_DIR}/embedded/${folder}_${function}.cc)
  set(script ${CMAKE_SOURCE_DIR}/cmake/embed.cmake)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${output} -DFOLDER=${folder} -DFUNCTION=${function} -P ${script}
    DEPENDS ${input} ${script})
  target_sources(whirl_${folder} PRIVATE ${output})
endfunction()
