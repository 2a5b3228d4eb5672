#include "config/documentation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace whirl::config {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Documentation, TheFileInDocsIsUpToDate) {
  std::ifstream in(std::string(WHIRL_SOURCE_DIR) + "/docs/configuration.md");
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_TRUE(text.str() == write_markdown()) << "docs/configuration.md differs from the option tables; "
                                                 "write it with: whirl configdoc -m > docs/configuration.md";
}

TEST(Documentation, ShowsOptionsWithTypeDefaultAndMeaning) {
  const std::string all = write_markdown();
  EXPECT_THAT(all, HasSubstr("| `http_server.port` | int | `8000` | Port to listen on. |"));
  EXPECT_THAT(all,
              HasSubstr("| `channel.without_namespace.presence` | bool |  | Keeps who is subscribed. |"));
  EXPECT_THAT(all, HasSubstr("[TLSConfig](#tlsconfig)"));
  EXPECT_THAT(all, HasSubstr("## TLSConfig"));
  EXPECT_THAT(all, HasSubstr("| `pid_file` | string |"));
  EXPECT_THAT(all, Not(HasSubstr("redisnats")));
}

TEST(Documentation, CanBeLimitedToASection) {
  const std::string part = write_markdown("http_s", 2);
  EXPECT_THAT(part, testing::StartsWith("#### http_server\n"));
  EXPECT_THAT(part, HasSubstr("http_stream.enabled"));
  EXPECT_THAT(part, Not(HasSubstr("client.")));
}

TEST(Documentation, IsAlsoAPage) {
  const std::string page = write_html("log");
  EXPECT_THAT(page, testing::StartsWith("<!doctype html>"));
  EXPECT_THAT(page, HasSubstr("<tr><td><code>log.level</code><td>string<td><code>info</code>"));
  EXPECT_THAT(page, HasSubstr("<code>trace</code>"));
}

}  // namespace
}  // namespace whirl::config
