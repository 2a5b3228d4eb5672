# whirl_embed(FOLDER FUNCTION FILE) puts a text file into the folder's library as
#   std::string_view whirl::FOLDER::FUNCTION();
# which the folder declares in FUNCTION.h. The file itself is not needed when the program runs.
# whirl_embed_descriptors(FOLDER FUNCTION FILE) does the same with what protoc makes of a .proto file.
if(CMAKE_SCRIPT_MODE_FILE)
  if(BINARY)
    file(READ ${INPUT} bytes HEX)
    string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${bytes}")
    set(literal "\"${bytes}\"")
  else()
    file(READ ${INPUT} text)
    set(literal "R\"embedded(${text})embedded\"")
  endif()
  file(WRITE ${OUTPUT} "#include \"${FOLDER}/${FUNCTION}.h\"

namespace whirl::${FOLDER} {

std::string_view ${FUNCTION}() {
  static constexpr char kBytes[] = ${literal};
  return {kBytes, sizeof(kBytes) - 1};
}

}  // namespace whirl::${FOLDER}
")
  return()
endif()

function(whirl_embed_file folder function input binary)
  set(output ${CMAKE_BINARY_DIR}/embedded/${folder}_${function}.cc)
  set(script ${CMAKE_SOURCE_DIR}/cmake/embed.cmake)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${output} -DFOLDER=${folder} -DFUNCTION=${function}
            -DBINARY=${binary} -P ${script}
    DEPENDS ${input} ${script})
  target_sources(whirl_${folder} PRIVATE ${output})
endfunction()

function(whirl_embed folder function file)
  whirl_embed_file(${folder} ${function} ${CMAKE_SOURCE_DIR}/${file} OFF)
endfunction()

function(whirl_embed_descriptors folder function file)
  find_program(PROTOC protoc REQUIRED)
  set(input ${CMAKE_SOURCE_DIR}/${file})
  set(set ${CMAKE_BINARY_DIR}/embedded/${folder}_${function}.pb)
  get_filename_component(directory ${input} DIRECTORY)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/embedded)
  add_custom_command(OUTPUT ${set} COMMAND ${PROTOC} -I ${directory} --descriptor_set_out=${set} ${input} DEPENDS ${input})
  whirl_embed_file(${folder} ${function} ${set} ON)
endfunction()
