#include "driver/redis/link.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "driver/redis/errors.h"

namespace whirl::driver::redis {

namespace {

constexpr std::string_view kHello = "agreeing on version 3 of the protocol";
constexpr std::string_view kNaming = "setting the client name";
constexpr std::string_view kRole = "asking for the role";

}  // namespace

void fail_request(Request& request, std::string_view why) {
  const std::string text = fmt::format("{}{}", kConnectionTrouble, why);
  Value value;
  value.type = Value::Type::error;
  value.text = text;
  request.answer(value);
}

SharedBytes command_bytes(std::span<const std::string_view> words) {
  std::string text;
  append_command(text, words);
  return SharedBytes::copy(text);
}

Link::Link(net::Loop& loop, Options options, Owner& owner)
    : loop_(loop), options_(std::move(options)), owner_(owner), connector_(loop) {
  connector_.start(options_.address, options_.connect_timeout_ms, options_.login.tls,
                   [this](Result<net::StreamPtr> stream) { connected(std::move(stream)); });
}

Link::~Link() {
  close();
}

void Link::close() {
  closed_ = true;
  up_ = false;
  Timer::cancel();
  connector_.cancel();
  stream_.reset();
}

void Link::connected(Result<net::StreamPtr> stream) {
  if (!stream) return down(std::move(stream.error().message));
  stream_ = std::move(*stream);
  stream_->set_handler(this);
  introduce();
}

void Link::introduce() {
  const Login& login = options_.login;
  if (!login.user.empty() && !login.password.empty()) {
    ask({"AUTH", login.user, login.password}, "authentication");
  } else if (!login.password.empty()) {
    ask({"AUTH", login.password}, "authentication");
  }
  if (!login.client_name.empty()) ask({"CLIENT", "SETNAME", login.client_name}, kNaming);
  if (!login.force_resp2) ask({"HELLO", "3"}, kHello);
  if (login.db != 0) ask({"SELECT", std::to_string(login.db)}, "choosing the database");
  if (options_.read_only) ask({"READONLY"}, "reading from a replica");
  if (options_.must_be_master) {
    ask({"ROLE"}, kRole);
  } else {
    ask({"PING"}, "the first ping");
  }
}

void Link::ask(std::initializer_list<std::string_view> words, std::string_view what) {
  ++introductions_;
  send({.bytes = command_bytes({words.begin(), words.size()}),
        .answer = [this, what](const Value& value) { introduced(what, value); },
        .deadline_ms = loop_.now_ms() + options_.io_timeout_ms});
}

void Link::introduced(std::string_view what, const Value& value) {
  if (closed_) return;
  // Before version 6 servers spoke version 2 of the protocol only, and before 6.2 Sentinels knew no CLIENT.
  const bool optional = what == kHello || what == kNaming;
  if (value.is_error() && !optional) return down(fmt::format("{} failed: {}", what, explained(value.text)));
  if (what == kRole && value.is_list() && !value.items.empty() && value.items[0].text != "master") {
    return down(fmt::format("{} is a {} now, not the master", options_.address.text(), value.items[0].text));
  }
  if (--introductions_ > 0) return;
  up_ = true;
  owner_.on_up();
}

void Link::send(Request request) {
  if (!stream_) return fail_request(request, "it is closed");
  stream_->write(request.bytes);
  if (!request.repeatable) request.bytes = {};
  pending_.push_back(std::move(request));
  if (pending_.size() == 1) watch_deadline();
}

void Link::send_unanswered(SharedBytes bytes) {
  if (stream_) stream_->write(std::move(bytes));
}

void Link::watch_deadline() {
  if (pending_.empty()) return Timer::cancel();
  loop_.timers().arm(*this, pending_.front().deadline_ms);
}

void Link::on_timer() {
  down("no answer in time (io_timeout)");
}

void Link::on_data(std::span<char> bytes) {
  heard_ = true;
  parser_.feed({bytes.data(), bytes.size()});
  while (!closed_) {
    Value value;
    auto got = parser_.next(value);
    if (!got) return down(fmt::format("what came is not the Redis protocol: {}", got.error().message));
    if (!*got) break;
    handle(value);
  }
  if (!closed_) watch_deadline();
}

void Link::handle(const Value& value) {
  if (value.type == Value::Type::push || pending_.empty()) return owner_.on_push(value);
  Request request = std::move(pending_.front());
  pending_.pop_front();
  request.answer(value);
}

void Link::on_end() {
  if (heard_ || !options_.login.tls) return down("the server closed the connection");
  down("TLS came to nothing: does one side not trust the other's certificate (see the options of tls)?");
}

void Link::down(std::string why) {
  if (closed_) return;
  close();
  owner_.on_down(std::move(why));
}

}  // namespace whirl::driver::redis
