#include "acme/host.h"

#include <gtest/gtest.h>

#include "acme/schedule.h"

namespace whirl::acme {
namespace {

TEST(CertifiableHost, IsADomainName) {
  EXPECT_EQ(certifiable_host("WWW.Example.com"), "www.example.com");
  EXPECT_EQ(certifiable_host("example.com."), "example.com");
  EXPECT_EQ(certifiable_host("xn--bcher-kva.example"), "xn--bcher-kva.example");
  for (const char* name :
       {"", "localhost", "127.0.0.1", "::1", "a..b", ".example.com", "-a.example", "a-.example",
        "a b.example", "a,DNS:b.example", "../a.example", "example.com..", "*.example.com"}) {
    EXPECT_EQ(certifiable_host(name), "") << name;
  }
  EXPECT_EQ(certifiable_host(std::string(64, 'a') + ".example"), "");
  EXPECT_EQ(certifiable_host(std::string(250, 'a') + ".example"), "");
}

TEST(Schedule, RenewsWithAThirdOfTheLifeLeft) {
  constexpr std::int64_t kDay = 24 * 3600;
  EXPECT_EQ(renewal_time(0, 90 * kDay), 60 * kDay);
  EXPECT_EQ(renewal_time(10 * kDay, 16 * kDay), 14 * kDay);
}

TEST(Schedule, PausesGrowUpToHalfADay) {
  constexpr std::int64_t kMinute = 60 * 1000;
  EXPECT_EQ(retry_delay_ms(1), 5 * kMinute);
  EXPECT_EQ(retry_delay_ms(2), 10 * kMinute);
  EXPECT_EQ(retry_delay_ms(5), 80 * kMinute);
  EXPECT_EQ(retry_delay_ms(9), 12 * 60 * kMinute);
  EXPECT_EQ(retry_delay_ms(1000), 12 * 60 * kMinute);
}

}  // namespace
}  // namespace whirl::acme
