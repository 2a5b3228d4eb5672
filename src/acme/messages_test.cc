#include "acme/messages.h"

#include <gtest/gtest.h>

namespace whirl::acme {
namespace {

TEST(AcmeMessages, ADirectoryNamesWhereRequestsGo) {
  auto directory = parse_directory(
      R"({"newNonce":"https://ca/n","newAccount":"https://ca/a","newOrder":"https://ca/o","meta":{}})");
  ASSERT_TRUE(directory) << directory.error().message;
  EXPECT_EQ(directory->new_nonce, "https://ca/n");
  EXPECT_EQ(directory->new_account, "https://ca/a");
  EXPECT_EQ(directory->new_order, "https://ca/o");
  EXPECT_FALSE(parse_directory("<html>"));
  EXPECT_FALSE(
      parse_directory(R"({"newNonce":"https://ca/n","newAccount":"ftp://ca/a","newOrder":"https://ca/o"})"));
  EXPECT_FALSE(parse_directory(
      R"({"newNonce":"https://ca/n\r\nX: y","newAccount":"https://ca/a","newOrder":"https://ca/o"})"));
}

TEST(AcmeMessages, AnOrderTellsHowFarItIs) {
  auto order =
      parse_order(R"({"status":"pending","authorizations":["https://ca/z/1"],"finalize":"https://ca/f/1"})");
  ASSERT_TRUE(order) << order.error().message;
  EXPECT_EQ(order->status, "pending");
  EXPECT_EQ(order->authorizations, std::vector<std::string>{"https://ca/z/1"});
  EXPECT_EQ(order->certificate, "");
  order = parse_order(R"({"status":"invalid","finalize":"https://ca/f/1",
                          "error":{"type":"urn:ietf:params:acme:error:caa","detail":"not allowed"}})");
  ASSERT_TRUE(order);
  EXPECT_EQ(order->problem, "not allowed (caa)");
  EXPECT_FALSE(parse_order(R"({"status":"pending"})"));
  EXPECT_FALSE(
      parse_order(R"({"status":"pending","authorizations":["file:///"],"finalize":"https://ca/f/1"})"));
}

TEST(AcmeMessages, AnAuthorizationOffersChallenges) {
  auto authorization = parse_authorization(
      R"({"status":"pending","challenges":[{"type":"http-01","url":"https://ca/c/1","token":"a_B-9"},
          {"type":"dns-01","url":"https://ca/c/2","token":"../secret"}]})");
  ASSERT_TRUE(authorization) << authorization.error().message;
  ASSERT_EQ(authorization->challenges.size(), 1u);  // the token of the other could not be part of a path
  EXPECT_EQ(authorization->challenges[0].type, "http-01");
  EXPECT_EQ(authorization->challenges[0].token, "a_B-9");
}

TEST(AcmeMessages, ProblemsAreShownWithTheirKind) {
  EXPECT_EQ(parse_problem(R"({"type":"urn:ietf:params:acme:error:rateLimited","detail":"slow down"})").text(),
            "slow down (rateLimited)");
  EXPECT_EQ(parse_problem("oops").type, "");
}

}  // namespace
}  // namespace whirl::acme
