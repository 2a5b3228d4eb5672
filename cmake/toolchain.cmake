# Compiler flags, sanitizers, ccache and the libraries that Debian ships.
find_program(CCACHE ccache)
if(CCACHE)
  # The base directory makes build folders share their objects; the sloppiness is what precompiled headers need.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

find_program(LLD ld.lld)
if(LLD AND NOT WHIRL_SANITIZE)
  add_link_options(-fuse-ld=lld)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  add_compile_options(-fpch-preprocess)
endif()
if(WHIRL_SANITIZE)
  add_compile_options(-fsanitize=${WHIRL_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${WHIRL_SANITIZE})
endif()
if(CMAKE_BUILD_TYPE STREQUAL Release)
  add_link_options(-Wl,--gc-sections)
  add_compile_options(-ffunction-sections)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND (WHIRL_SANITIZE OR CMAKE_BUILD_TYPE STREQUAL Release))
  # GCC 12 warns of impossible sizes inside the standard library once it inlines.
  add_compile_options(-Wno-stringop-overflow -Wno-restrict -Wno-array-bounds -Wno-maybe-uninitialized)
endif()

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(tl-expected REQUIRED)
find_package(simdjson REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
# Debian's RE2 brings no package for CMake.
find_library(RE2_LIBRARY re2 REQUIRED)
add_library(re2::re2 UNKNOWN IMPORTED)
set_target_properties(re2::re2 PROPERTIES IMPORTED_LOCATION ${RE2_LIBRARY})
