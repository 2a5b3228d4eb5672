#include "config/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "base/base64.h"

namespace whirl::config {
namespace {

const std::string kPem = "-----BEGIN THING-----\nAAAA\n-----END THING-----\n";

struct TemporaryFile {
  std::string path = testing::TempDir() + "whirl_pem_" + std::to_string(getpid());
  explicit TemporaryFile(const std::string& content) { std::ofstream(path) << content; }
  ~TemporaryFile() { std::remove(path.c_str()); }
};

TEST(Pem, IsTakenAsItIs) {
  EXPECT_EQ(load_pem(kPem).value_or(""), kPem);
}

TEST(Pem, IsDecodedFromBase64) {
  EXPECT_EQ(load_pem(encode_base64(kPem)).value_or(""), kPem);
}

TEST(Pem, IsReadFromAFile) {
  const TemporaryFile file(kPem);
  EXPECT_EQ(load_pem(file.path).value_or(""), kPem);
}

TEST(Pem, RefusesTheRestWithoutShowingIt) {
  const TemporaryFile file("nothing");
  EXPECT_THAT(load_pem(file.path).error().message,
              testing::HasSubstr("is the path of a file that is not PEM"));
  EXPECT_THAT(load_pem("s3cret").error().message, testing::Not(testing::HasSubstr("s3cret")));
  EXPECT_FALSE(load_pem("-----BEGIN A-----\nAAAA\n-----END B-----"));
  EXPECT_FALSE(load_pem(""));
}

}  // namespace
}  // namespace whirl::config
