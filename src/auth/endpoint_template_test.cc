#include "auth/endpoint_template.h"

#include <gtest/gtest.h>

namespace whirl::auth {
namespace {

Regex regex(std::string_view pattern) {
  return *Regex::compile(pattern);
}

Result<EndpointTemplate> parse(std::string_view url, std::string_view issuer_pattern, bool skip = false) {
  const Regex issuer = regex(issuer_pattern);
  return EndpointTemplate::parse(url, &issuer, nullptr, skip);
}

TEST(EndpointTemplates, PutInWhatTheGroupsMatched) {
  const auto endpoint =
      parse("https://{{host}}/t/{{tenant}}/jwks?x=1", "^(?P<host>a\\.io|b\\.io)/(?P<tenant>acme|x/y)$");
  ASSERT_TRUE(endpoint.has_value()) << endpoint.error().message;
  EXPECT_EQ(*endpoint->resolve({{"tenant", "acme"}, {"host", "b.io"}}), "https://b.io/t/acme/jwks?x=1");
  EXPECT_EQ(*endpoint->resolve({{"tenant", "x/y"}, {"host", "a.io"}}), "https://a.io/t/x/y/jwks?x=1");
}

TEST(EndpointTemplates, MayHaveNoPlaceholder) {
  const auto endpoint = EndpointTemplate::parse("http://127.0.0.1:9000/keys/", nullptr, nullptr, false);
  ASSERT_TRUE(endpoint.has_value());
  EXPECT_EQ(*endpoint->resolve({}), "http://127.0.0.1:9000/keys/");
  EXPECT_FALSE(endpoint->uses_group_of(regex("(?P<x>.*)")));
}

TEST(EndpointTemplates, KnowWhoseGroupsTheyUse) {
  const Regex issuer = regex("(?P<a>x|y)");
  const Regex audience = regex("(?P<b>.*)");
  const auto endpoint = EndpointTemplate::parse("https://h/{{a}}", &issuer, &audience, false);
  ASSERT_TRUE(endpoint.has_value());
  EXPECT_TRUE(endpoint->uses_group_of(issuer));
  EXPECT_FALSE(endpoint->uses_group_of(audience));
}

TEST(EndpointTemplates, NeedAnHttpUrlAndAGroupForEachPlaceholder) {
  EXPECT_FALSE(EndpointTemplate::parse("ftp://h/k", nullptr, nullptr, false).has_value());
  EXPECT_FALSE(EndpointTemplate::parse("h/k", nullptr, nullptr, false).has_value());
  EXPECT_FALSE(EndpointTemplate::parse("file:///etc/passwd", nullptr, nullptr, false).has_value());
  EXPECT_FALSE(EndpointTemplate::parse("https://h/{{tenant}}", nullptr, nullptr, false).has_value());
  EXPECT_FALSE(parse("https://h/{{other}}", "(?P<tenant>a|b)").has_value());
}

TEST(EndpointTemplates, TakeOnlyGroupsThatListTheirValues) {
  for (std::string_view pattern :
       {"^https://(?P<x>acme|globex)\\.example$", "(?P<x>a)", "(?P<x>test|testing)",
        "(?<x>auth\\.a\\.io|auth\\.b\\.io)", "(?P<x>(?:a|b)c|(d|e)f|(?P<y>g))", ".*(?P<x>a|b).*",
        "(?P<z>.+)/(?P<x>a|b)", "(?P<x>|foo)"}) {
    EXPECT_TRUE(check_lists_values(pattern, "x").has_value()) << pattern;
  }
  for (std::string_view pattern :
       {"(?P<x>.+)",     "(?P<x>.)",     "(?P<x>a*)",      "(?P<x>a+)",    "(?P<x>foo?)",  "(?P<x>a{3})",
        "(?P<x>[a-z]+)", "(?P<x>\\w+)",  "(?P<x>\\pL)",    "(?P<x>a|\\D)", "(?P<x>foo|.)", "(?P<x>(?i)a)",
        "(?P<x>(?i:a))", "(?P<x>\\x2e)", "(?P<x>(a|(.)))", "(?P<x>^a$)",   "(?P<x>\\Ba)",  "[a-z](?P<x>a|b)",
        "\\d(?P<x>a|b)", "(?P<y>a|b)",   "\\(?P<x>a"}) {
    EXPECT_FALSE(check_lists_values(pattern, "x").has_value()) << pattern;
  }
  EXPECT_FALSE(parse("https://h/{{x}}", "(?P<x>.+)").has_value());
  EXPECT_TRUE(parse("https://h/{{x}}", "(?P<x>.+)", true).has_value());
}

TEST(EndpointTemplates, NeverLeaveTheirPath) {
  const auto endpoint = *parse("https://h.io/t/{{x}}/keys", "(?P<x>.*)", true);
  for (std::string_view value : {"..", ".", "a/../../b", "../..", "a//b", "/", "a/", "%2e%2e", "a?b", "a#b",
                                 "a\\b", "a b", "", "a\nb", "ü", "a&b"}) {
    EXPECT_FALSE(endpoint.resolve({{"x", value}}).has_value()) << value;
  }
  EXPECT_FALSE(endpoint.resolve({}).has_value());
  EXPECT_EQ(*endpoint.resolve({{"x", "a..b"}}), "https://h.io/t/a..b/keys");
  // Dots of the template and of a value do not make a segment together.
  const auto half = *parse("https://h.io/.{{x}}/keys", "(?P<x>.*)", true);
  EXPECT_FALSE(half.resolve({{"x", "."}}).has_value());
}

TEST(EndpointTemplates, NeverChangeTheHostBeyondTheirPlaceholder) {
  const auto endpoint = *parse("https://{{x}}.auth.io/keys", "(?P<x>.*)", true);
  for (std::string_view value :
       {"evil.io/", "evil.io#", "evil.io?", "user@evil.io", "evil.io\\", "a/b", "a%2f", ""}) {
    EXPECT_FALSE(endpoint.resolve({{"x", value}}).has_value()) << value;
  }
  // Without a path the placeholder still belongs to the host.
  const auto open_end = *parse("https://auth.io{{x}}", "(?P<x>.*)", true);
  EXPECT_FALSE(open_end.resolve({{"x", "@evil.io"}}).has_value());
  EXPECT_FALSE(open_end.resolve({{"x", "/../x"}}).has_value());
}

}  // namespace
}  // namespace whirl::auth
