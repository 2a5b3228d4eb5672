#include "driver/nats/subject.h"

#include <gtest/gtest.h>

#include <string>

namespace whirl::driver::nats {
namespace {

TEST(NatsSubject, IsMadeOfTokensWithDotsBetween) {
  for (const char* good :
       {"a", "a.b.c", "centrifugo.client.news:1", "*", "a.>", "größe", "$SYS", "a#b,c&d"}) {
    EXPECT_TRUE(is_subject(good)) << good;
  }
  for (const char* bad : {"", ".", ".a", "a.", "a..b"}) EXPECT_FALSE(is_subject(bad)) << bad;
}

TEST(NatsSubject, CannotSmuggleACommandIn) {
  for (std::string_view bad :
       {std::string_view("a b"), std::string_view("a\tb"), std::string_view("a\r\nPUB x 0\r\n"),
        std::string_view("a\nb"), std::string_view("a\0b", 3)}) {
    EXPECT_FALSE(is_subject(bad));
  }
}

TEST(NatsSubject, FitsOneLine) {
  EXPECT_TRUE(is_subject(std::string(3072, 'a')));
  EXPECT_FALSE(is_subject(std::string(3073, 'a')));
}

}  // namespace
}  // namespace whirl::driver::nats
