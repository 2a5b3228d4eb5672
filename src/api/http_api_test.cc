#include "api/http_api.h"

#include <gmock/gmock.h>

#include "api/method.h"
#include "http/server.h"
#include "testing/hub_fixture.h"
#include "testing/stream_pair.h"

namespace whirl::api {
namespace {

struct Answer {
  int status = 0;
  std::string body;
  friend bool operator==(const Answer&, const Answer&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Answer& answer) {
    return out << answer.status << " " << answer.body;
  }
};

const Answer kUnauthorized{401, ""};
const Answer kBadRequest{400, "Bad Request\n"};

Answer ok(std::string result) {
  return {200, "{\"result\":" + result + "}"};
}
Answer error(int code, std::string_view message) {
  return {200, fmt::format("{{\"error\":{{\"code\":{},\"message\":\"{}\"}}}}", code, message)};
}

int occurrences(std::string_view text, std::string_view part) {
  int count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// The data of each publication in an answer, in order.
std::string data_of(std::string_view answer) {
  constexpr std::string_view kKey = R"("data":)";
  std::string out;
  for (auto at = answer.find(kKey); at != answer.npos; at = answer.find(kKey, at + 1)) {
    if (!out.empty()) out += ' ';
    out += answer[at + kKey.size()];
  }
  return out;
}

/// The API on one loop of a node with the memory engine; the test speaks HTTP to it.
class HttpApiTest : public testing::HubFixture {
 protected:
  HttpApiTest() {
    options_.key = "secret";
    config::ChannelNamespace room;
    room.name = "room";
    room.presence = true;
    room.history_size = 10;
    room.history_ttl = config::Duration::seconds(60);
    config::ChannelNamespace bare;
    bare.name = "bare";
    config::ChannelNamespace object;
    object.name = "object";
    object.publication_data_format = "json_object";
    channel_.namespaces = {room, bare, object};
  }
  ~HttpApiTest() override {
    server_.reset();
    settle();
  }

  void start() {
    rules_ = *channel::Rules::build(channel_, client_);
    context_.reset(
        new Context{*node_, metrics_[0]->api, [this]() -> const channel::Rules& { return *rules_; }, "http"});
    api_ = std::make_unique<HttpApi>(*context_, options_);
    http::Router router;
    api_->mount(router);
    server_ = std::make_unique<http::Server>(runtime_->loop(0), std::move(router));
  }

  Answer request(std::string_view method, std::string_view target, std::string_view headers,
                 std::string_view body) {
    if (!server_) start();
    testing::StreamPair pair(runtime_->loop(0));
    server_->accept(std::move(pair.stream));
    testing::Client client(std::move(pair.peer));
    client.send(fmt::format("{} {} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n{}\r\n{}", method, target,
                            body.size(), headers, body));
    settle();
    const std::string& text = client.received();
    std::size_t end = text.find("\r\n\r\n");
    if (end == std::string::npos) return {};
    return {std::stoi(text.substr(9, 3)), text.substr(end + 4)};
  }
  Answer call(std::string_view method, std::string_view body, std::string_view headers = "") {
    return request("POST", fmt::format("/api/{}", method), fmt::format("X-API-Key: secret\r\n{}", headers),
                   body);
  }
  Answer old_form(std::string_view body) { return request("POST", "/api", "X-API-Key: secret\r\n", body); }

  /// The epoch of a channel's stream, which answers carry.
  std::string epoch(std::string channel) {
    auto top =
        ask<broker::StreamPosition>([&](auto done) { node_->stream_top(channel, 0, std::move(done)); });
    return top->value().epoch;
  }

  config::HttpAPI options_;
  config::Channel channel_;
  config::Client client_;
  channel::RulesPtr rules_;
  std::unique_ptr<Context> context_;
  std::unique_ptr<HttpApi> api_;
  std::unique_ptr<http::Server> server_;
};

TEST_F(HttpApiTest, WantsTheKey) {
  const std::string body = R"({"channel":"room:x"})";
  const Answer answer = ok(R"({"num_clients":0,"num_users":0})");
  auto with = [&](std::string_view headers, std::string_view query = "") {
    return request("POST", fmt::format("/api/presence_stats{}", query), headers, body);
  };
  EXPECT_EQ(with("X-API-Key: secret\r\n"), answer);
  EXPECT_EQ(with("Authorization: apikey secret\r\n"), answer);
  EXPECT_EQ(with("Authorization: APIKEY  secret\r\n"), answer);
  EXPECT_EQ(with("", "?api_key=secret"), answer);
  EXPECT_EQ(with("X-API-Key: wrong\r\n", "?api_key=secret"), answer);
  EXPECT_EQ(with(""), kUnauthorized);
  EXPECT_EQ(with("X-API-Key: wrong\r\n"), kUnauthorized);
  EXPECT_EQ(with("X-API-Key: secret2\r\n"), kUnauthorized);
  EXPECT_EQ(with("X-API-Key: wrong\r\nAuthorization: apikey secret\r\n"), kUnauthorized);
  EXPECT_EQ(with("Authorization: Bearer secret\r\n"), kUnauthorized);
  EXPECT_EQ(with("Authorization: secret\r\n"), kUnauthorized);
  EXPECT_EQ(with("Authorization: apikey secret more\r\n"), kUnauthorized);
  EXPECT_EQ(with("", "?key=secret"), kUnauthorized);
}

TEST_F(HttpApiTest, WithoutAConfiguredKeyNobodyMayCall) {
  options_.key = "";
  EXPECT_EQ(request("POST", "/api/info", "", "{}"), kUnauthorized);
  EXPECT_EQ(request("POST", "/api/info?api_key=", "X-API-Key: x\r\n", "{}"), kUnauthorized);
}

TEST_F(HttpApiTest, InsecureMeansWithoutKey) {
  options_.insecure = true;
  options_.handler_prefix = "/v2/control/";
  EXPECT_EQ(request("POST", "/v2/control/rpc", "", "{}"), error(107, "bad request"));
}

TEST_F(HttpApiTest, AnswersOtherMethodsAndPathsByStatus) {
  EXPECT_EQ(request("GET", "/api/info", "X-API-Key: secret\r\n", ""), (Answer{405, ""}));
  EXPECT_EQ(request("POST", "/api/teleport", "", "{}"), (Answer{404, "404 page not found\n"}));
  EXPECT_EQ(request("POST", "/api/", "", "{}"), (Answer{404, "404 page not found\n"}));
}

TEST_F(HttpApiTest, EveryMethodHasARouteAndJudgesAnEmptyRequest) {
  const std::map<std::string_view, Answer> expected = {
      {"unsubscribe", ok("{}")},
      {"disconnect", ok("{}")},
      {"refresh", ok("{}")},
      {"channels", ok(R"({"channels":{}})")},
  };
  for (const Method& method : methods()) {
    if (method.name == "info") continue;
    auto row = expected.find(method.name);
    EXPECT_EQ(call(method.name, "{}"), row == expected.end() ? error(107, "bad request") : row->second)
        << method.name;
    EXPECT_EQ(call(method.name, "{"), kBadRequest) << method.name;
    EXPECT_EQ(call(method.name, ""), kBadRequest) << method.name;
    EXPECT_EQ(call(method.name, "[]"), kBadRequest) << method.name;
    EXPECT_EQ(call(method.name, "{} {}"), kBadRequest) << method.name;
  }
}

TEST_F(HttpApiTest, MethodsThatTakeAChannelWantAKnownOne) {
  for (std::string_view method :
       {"publish", "subscribe", "unsubscribe", "presence", "presence_stats", "history", "history_remove"}) {
    EXPECT_EQ(call(method, R"({"channel":"missing:x","data":{}})"), error(102, "unknown channel")) << method;
  }
  for (std::string_view method : {"presence", "presence_stats", "history", "history_remove"}) {
    EXPECT_EQ(call(method, R"({"channel":"bare:x"})"), error(108, "not available")) << method;
  }
}

TEST_F(HttpApiTest, PublishesAndReadsHistory) {
  EXPECT_EQ(call("publish", R"({"channel":"bare:x","data":{}})"), ok("{}"));
  Answer published = call("publish", R"({"channel":"room:x","data":{ "n" : 1 },"tags":{"a":"b"}})");
  EXPECT_EQ(published, ok(fmt::format(R"({{"offset":1,"epoch":"{}"}})", epoch("room:x"))));
  EXPECT_EQ(call("publish", R"({"channel":"room:x","data":{},"skip_history":true})"), ok("{}"));
  EXPECT_EQ(
      call("history", R"({"channel":"room:x","limit":-1})"),
      ok(fmt::format(
          R"({{"publications":[{{"data":{{"n":1}},"offset":1,"tags":{{"a":"b"}}}}],"epoch":"{}","offset":1}})",
          epoch("room:x"))));
  EXPECT_EQ(call("history", R"({"channel":"room:x","limit":1,"since":{"offset":1,"epoch":"other"}})"),
            error(112, "unrecoverable position"));
  EXPECT_EQ(call("history", R"({"channel":"room:x","limit":1,"since":{"offset":0},"reverse":true})"),
            error(100, "internal server error"));
  EXPECT_EQ(call("history_remove", R"({"channel":"room:x"})"), ok("{}"));
  EXPECT_EQ(call("history", R"({"channel":"room:x"})").status, 200);
}

TEST_F(HttpApiTest, PublishChecksTheDataOfTheChannel) {
  EXPECT_EQ(call("publish", R"({"channel":"bare:x"})"), error(107, "bad request"));
  EXPECT_EQ(call("publish", R"({"channel":"bare:x","data":null})"), ok("{}"));
  EXPECT_EQ(call("publish", R"({"channel":"object:x","data":[1]})"), error(107, "bad request"));
  EXPECT_EQ(call("publish", R"({"channel":"object:x","data":[1],"b64data":"e30="})"), ok("{}"));
  EXPECT_EQ(call("publish", R"({"channel":"bare:x","b64data":"not base64!"})"), error(107, "bad request"));
}

TEST_F(HttpApiTest, RepeatsOfAnIdempotencyKeyAreAnsweredAlike) {
  const std::string body = R"({"channel":"room:i","data":{},"idempotency_key":"k"})";
  Answer first = call("publish", body);
  EXPECT_EQ(call("publish", body), first);
  EXPECT_EQ(call("publish", R"({"channel":"room:i","data":{},"version":2})").status, 200);
  EXPECT_EQ(call("publish", R"({"channel":"room:i","data":{},"version":1})"),
            ok(fmt::format(R"({{"offset":2,"epoch":"{}"}})", epoch("room:i"))));
}

TEST_F(HttpApiTest, BroadcastAnswersForEachChannel) {
  EXPECT_EQ(call("broadcast", R"({"channels":[],"data":{}})"), error(107, "bad request"));
  Answer answer = call("broadcast", R"({"channels":["bare:a","missing:b","","room:c"],"data":{}})");
  EXPECT_EQ(
      answer,
      ok(fmt::format(
          R"({{"responses":[{{"result":{{}}}},{{"error":{{"code":102,"message":"unknown channel"}}}},)"
          R"({{"error":{{"code":107,"message":"bad request"}}}},{{"result":{{"offset":1,"epoch":"{}"}}}}]}})",
          epoch("room:c"))));
  EXPECT_EQ(metrics_[0]->api.command_errors.with("http", "broadcast_publish", "102").value, 1u);
}

TEST_F(HttpApiTest, AsksUsersToGo) {
  EXPECT_EQ(call("disconnect", R"({"user":"ann","whitelist":["c1"]})"), ok("{}"));
  EXPECT_EQ(call("subscribe", R"({"user":"ann","channel":"room:x","override":{"presence":{"value":false}}})"),
            ok("{}"));
  EXPECT_EQ(call("subscribe", R"({"user":"ann","channel":"room:x","b64info":"?"})"),
            error(107, "bad request"));
  EXPECT_EQ(call("refresh", R"({"user":"ann","expire_at":5,"info":{}})"), ok("{}"));
}

TEST_F(HttpApiTest, RpcKnowsNoMethods) {
  EXPECT_EQ(call("rpc", R"({"method":"none","params":{}})"), error(104, "not found"));
}

TEST_F(HttpApiTest, InfoAndChannelsTellOfTheNode) {
  EXPECT_NE(call("info", "{}").body.find(node_->uid()), std::string::npos);
  EXPECT_EQ(call("channels", R"({"pattern":"["})"), error(100, "internal server error"));
}

TEST_F(HttpApiTest, InfoShowsTheMetricsThatWereTold) {
  runtime_->loop(0).post([this] { node_->tell_metrics({.interval_seconds = 60, .values = {{"x.y", 1.5}}}); });
  settle();
  EXPECT_THAT(call("info", "{}").body,
              ::testing::HasSubstr(R"("metrics":{"interval":60,"items":{"x.y":1.5}})"));
}

TEST_F(HttpApiTest, APayloadThatIsNotJsonCannotBeShown) {
  channel_.namespaces[0].publication_data_format = "binary";
  EXPECT_EQ(call("publish", R"({"channel":"room:b","b64data":"AAEC"})").status, 200);
  EXPECT_EQ(call("history", R"({"channel":"room:b","limit":1})"), (Answer{500, "Internal Server Error\n"}));
  EXPECT_EQ(call("batch", R"({"commands":[{"history":{"channel":"room:b","limit":1}}]})").status, 500);
}

TEST_F(HttpApiTest, TellsErrorsByStatusIfAskedTo) {
  const std::string_view header = "X-Centrifugo-Error-Mode: transport\r\n";
  EXPECT_EQ(call("publish", "{}", header), (Answer{400, R"({"code":107,"message":"bad request"})"}));
  EXPECT_EQ(call("publish", R"({"channel":"missing:x"})", header),
            (Answer{404, R"({"code":102,"message":"unknown channel"})"}));
  EXPECT_EQ(call("presence", R"({"channel":"bare:x"})", header),
            (Answer{400, R"({"code":108,"message":"not available"})"}));
  EXPECT_EQ(call("rpc", R"({"method":"x"})", header), (Answer{404, R"({"code":104,"message":"not found"})"}));
  EXPECT_EQ(call("channels", R"({"pattern":"["})", header),
            (Answer{500, R"({"code":100,"message":"internal server error"})"}));
  call("publish", R"({"channel":"room:x","data":1})");
  EXPECT_EQ(call("history", R"({"channel":"room:x","since":{"offset":1,"epoch":"z"}})", header),
            (Answer{416, R"({"code":112,"message":"unrecoverable position"})"}));
  EXPECT_EQ(call("publish", "{", header), kBadRequest);
}

TEST_F(HttpApiTest, ErrorModeMayBeConfigured) {
  options_.error_mode = "transport";
  EXPECT_EQ(call("publish", "{}").status, 400);
  EXPECT_EQ(call("batch", R"({"commands":[{"publish":{}}]})").status, 200);
}

TEST_F(HttpApiTest, RunsBatches) {
  for (std::string_view parallel : {"false", "true"}) {
    Answer answer = call(
        "batch",
        fmt::format(R"({{"parallel":{},"commands":[{{"publish":{{"channel":"bare:x","data":1}}}},)"
                    R"({{"rpc":{{"method":"x"}}}},{{}},null,{{"presence_stats":{{"channel":"room:x"}}}}]}})",
                    parallel));
    EXPECT_EQ(
        answer,
        (Answer{
            200,
            R"({"replies":[{"publish":{}},{"error":{"code":104,"message":"not found"}},)"
            R"({"error":{"code":104,"message":"not found"}},{"error":{"code":107,"message":"bad request"}},)"
            R"({"presence_stats":{"num_clients":0,"num_users":0}}]})"}));
  }
  EXPECT_EQ(call("batch", "{}"), (Answer{200, "{}"}));
  EXPECT_EQ(call("batch", R"({"commands":[]})"), (Answer{200, "{}"}));
  EXPECT_EQ(call("batch", R"({"commands":"publish"})"), kBadRequest);
}

TEST_F(HttpApiTest, ABatchMayBeLongerThanWhatRunsAtATime) {
  std::string body = R"({"parallel":true,"commands":[{})";
  for (int i = 0; i < 3000; ++i) body += ",{}";
  Answer answer = call("batch", body + "]}");
  EXPECT_EQ(answer.status, 200);
  EXPECT_GT(answer.body.size(), 3000 * 40u);
}

TEST_F(HttpApiTest, ASequentialBatchKeepsItsOrder) {
  std::string commands;
  for (int i = 0; i < 8; ++i) {
    commands += fmt::format(R"({{"publish":{{"channel":"room:{}","data":{}}}}},)", i % 4 / 2, i);
  }
  const Answer answer = call(
      "batch", fmt::format(R"({{"commands":[{}{{"history":{{"channel":"room:0","limit":9}}}}]}})", commands));
  for (int i : {1, 2, 3, 4}) {
    EXPECT_EQ(occurrences(answer.body, fmt::format(R"({{"publish":{{"offset":{},)", i)), 2) << answer.body;
  }
  EXPECT_EQ(data_of(answer.body), "0 1 4 5");
}

TEST_F(HttpApiTest, UnderstandsTheOldForm) {
  const Answer bad{200, R"({"error":{"code":107,"message":"bad request"}})"};
  EXPECT_EQ(old_form(R"({"method":"publish","params":{"channel":"bare:x","data":1}})"), ok("{}"));
  EXPECT_EQ(old_form(R"({"id":7,"method":"RPC","params":{"method":"x"}})"),
            (Answer{200, R"({"id":7,"error":{"code":104,"message":"not found"}})"}));
  EXPECT_EQ(old_form(R"({"method":5,"params":{"channel":"room:x"}})"),
            ok(R"({"num_clients":0,"num_users":0})"));
  EXPECT_EQ(old_form(R"({"params":{}})"), bad);
  EXPECT_EQ(old_form(R"({"method":"publish"})"), bad);
  EXPECT_EQ(old_form(R"({"method":"info"})").status, 200);
  EXPECT_EQ(old_form("{\"method\":\"disconnect\",\"params\":{}}\n {\"method\":\"refresh\",\"params\":{}}\n"),
            (Answer{200, "{\"result\":{}}\n{\"result\":{}}"}));
  for (std::string_view body :
       {R"({"method":"nothing","params":{}})", R"({"method":99})", R"({"method":""})", "", "{", "x"}) {
    EXPECT_EQ(old_form(body), kBadRequest) << body;
  }
}

TEST_F(HttpApiTest, CountsCallsAndErrors) {
  call("publish", "{}");
  call("publish", "{");
  metrics::Api& counts = metrics_[0]->api;
  EXPECT_EQ(counts.command_errors.with("http", "publish", "107").value, 1u);
  EXPECT_EQ(counts.command_errors.with("http", "publish", "unmarshal").value, 1u);
  EXPECT_EQ(counts.command_duration.with("http", "publish").summary.count(), 1u);
}

}  // namespace
}  // namespace whirl::api
