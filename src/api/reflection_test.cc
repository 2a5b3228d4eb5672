#include "api/reflection.h"

#include <gtest/gtest.h>

#include "api/grpc_descriptors.h"
#include "api/method.h"

namespace whirl::api {
namespace {

/// A field of a Protobuf message that is a text of less than 128 bytes.
std::string field(unsigned number, std::string_view text) {
  std::string out;
  out += static_cast<char>(number << 3 | 2);
  out += static_cast<char>(text.size());
  return out.append(text);
}

constexpr unsigned kByName = 3;
constexpr unsigned kBySymbol = 4;
constexpr unsigned kByExtension = 5;
constexpr unsigned kExtensionsOf = 6;
constexpr unsigned kList = 7;
const std::string kNotFound = field(7, std::string("\x08\x05", 2) + field(2, "not found"));
constexpr std::string_view kService = "centrifugal.centrifugo.api.CentrifugoApi";

std::string ask(unsigned number, std::string_view text) {
  const std::string request = field(number, text);
  const std::string echo = field(2, request);
  std::string response = Reflection(grpc_descriptors()).answer(request).value();
  EXPECT_TRUE(response.starts_with(echo));
  return response.substr(echo.size());
}

TEST(Reflection, NamesTheService) {
  EXPECT_EQ(ask(kList, ""), field(6, field(1, field(1, kService))));
  EXPECT_EQ(ask(kList, "*"), ask(kList, ""));
}

TEST(Reflection, GivesTheFileByItsNameAndByWhatItDeclares) {
  const std::string file = ask(kByName, "api.proto");
  EXPECT_NE(file.find("CentrifugoApi"), std::string::npos);
  const std::string package = "centrifugal.centrifugo.api.";
  EXPECT_EQ(ask(kBySymbol, kService), file);
  EXPECT_EQ(ask(kBySymbol, package + "PublishRequest"), file);
  EXPECT_EQ(ask(kBySymbol, package + "Command"), file);
  EXPECT_EQ(ask(kBySymbol, package + "PublishRequest.TagsEntry"), file);
  for (const Method& method : methods()) {
    EXPECT_EQ(ask(kBySymbol, std::string(kService).append(".").append(method.grpc_name)), file);
  }
}

TEST(Reflection, SaysWhatIsNotThere) {
  EXPECT_EQ(ask(kByName, "other.proto"), kNotFound);
  EXPECT_EQ(ask(kBySymbol, "centrifugal.centrifugo.api"), kNotFound);
  EXPECT_EQ(ask(kByExtension, ""), kNotFound);
  EXPECT_EQ(ask(kExtensionsOf, "Unknown"), kNotFound);
  EXPECT_EQ(ask(kExtensionsOf, kService), field(5, field(1, kService)));
}

TEST(Reflection, RefusesOtherQuestions) {
  const Reflection reflection(grpc_descriptors());
  EXPECT_EQ(reflection.answer(""), std::nullopt);
  EXPECT_EQ(reflection.answer("\xff"), std::nullopt);
  EXPECT_EQ(reflection.answer(field(9, "x")), std::nullopt);
}

}  // namespace
}  // namespace whirl::api
