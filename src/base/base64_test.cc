#include "base/base64.h"

#include <gtest/gtest.h>

namespace whirl {
namespace {

std::string standard(std::string_view text) {
  std::string out;
  return decode_base64(text, out) ? out : "refused";
}
std::string url(std::string_view text) {
  std::string out;
  return decode_base64url(text, out) ? out : "refused";
}

TEST(Base64, WritesAndReadsBothForms) {
  struct Case {
    std::string_view bytes, padded, url;
  };
  for (const Case& c :
       {Case{"", "", ""}, Case{"f", "Zg==", "Zg"}, Case{"fo", "Zm8=", "Zm8"}, Case{"foo", "Zm9v", "Zm9v"},
        Case{"foob", "Zm9vYg==", "Zm9vYg"}, Case{"\xff\xfe\xfb", "//77", "__77"}}) {
    EXPECT_EQ(encode_base64(c.bytes), c.padded);
    EXPECT_EQ(encode_base64url(c.bytes), c.url);
    EXPECT_EQ(standard(c.padded), c.bytes);
    EXPECT_EQ(url(c.url), c.bytes);
  }
}

TEST(Base64, ComesBackWhateverTheBytes) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    bytes += static_cast<char>(i * 7);
    EXPECT_EQ(standard(encode_base64(bytes)), bytes);
    EXPECT_EQ(url(encode_base64url(bytes)), bytes);
  }
}

TEST(Base64, RefusesTheOtherFormAndStrangeCharacters) {
  for (std::string_view text :
       {"Zg", "Zg=", "Z", "Zm9v=", "Zm9v====", "Z===", "====", "Zm8=Zm8=", "__77", "Zm 9", "%%%"}) {
    EXPECT_EQ(standard(text), "refused") << text;
  }
  for (std::string_view text : {"Zg==", "Z", "Zm9vY", "//77", "Zm\n8", "\xff\xff"}) {
    EXPECT_EQ(url(text), "refused") << text;
  }
}

TEST(Base64, IsAsGenerousAsGo) {
  EXPECT_EQ(standard("Zm\r\n9v\n"), "foo");
  EXPECT_EQ(standard("Zh=="), "f");  // the unused bits are not zero
  EXPECT_EQ(url("Zh"), "f");
}

TEST(Base64, AppendsToWhatIsThere) {
  std::string out = "a";
  ASSERT_TRUE(decode_base64url("YmM", out));
  EXPECT_EQ(out, "abc");
}

}  // namespace
}  // namespace whirl
