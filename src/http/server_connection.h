#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/indexed_list.h"
#include "http/body_decoder.h"
#include "http/head_parser.h"
#include "http/responder.h"
#include "http/router.h"
#include "net/loop.h"
#include "net/stream.h"

namespace whirl::http {

class Server;

/// One client's HTTP connection; owned by its Server, on the server's loop. Holds no buffer between requests.
/// Ends when either side closes, on a timeout, or when a handler takes the stream.
class ServerConnection final : public Carrier,
                               public net::StreamHandler,
                               private net::IoHandler,
                               private net::Timer,
                               private net::TurnEnd {
 public:
  /// Bytes of later requests that are taken while one is being answered or others have their turn; more stay
  /// in the socket.
  static constexpr std::size_t kMaxPipelined = 64 * 1024;
  /// No request is begun while so many bytes of answers wait for the client.
  static constexpr std::size_t kMaxQueued = 1024 * 1024;

  /// Requests of one connection that are answered one after another before others get their turn.
  static constexpr int kMaxAtOnce = 32;

  ServerConnection(Server& server, net::StreamPtr stream);
  ~ServerConnection();

  void answer(Exchange& exchange, int status, std::string_view content_type, std::string_view body) override;
  Upgraded release() override;
  std::string peer_address() const override { return stream_->peer_address(); }
  void shutdown();

 private:
  friend class Server;
  friend class IndexedList<ServerConnection>;
  enum class State : std::uint8_t { head, body, answering, gone };
  /// What has come of a request that is not complete, and whatever came behind one that is being answered.
  struct Incoming {
    std::string bytes;  // not yet parsed
    HeadScanner scanner;
    std::string head;  // of the request whose body is coming
    Route* route = nullptr;
    std::optional<BodyDecoder> decoder;
    std::optional<Responder> responder;
  };

  void on_data(std::span<char> bytes) override;
  void on_end() override;
  void on_drained() override;
  void on_io(std::uint32_t events) override;
  void on_timer() override;
  void on_turn_end() override;

  Incoming& incoming();
  void consume(std::string_view bytes);
  std::size_t begin_request(std::string_view bytes);
  void admit(std::string_view bytes, std::size_t head_size, Responder responder);
  void await_body(std::string_view head, Route& route, Responder responder);
  std::size_t feed_body(std::string_view bytes);
  void serve(Route& route, Responder responder);
  void refuse(Refusal refusal);
  void speak_http2(std::string_view bytes);
  bool gives_way(int requests);
  void wait_turn();
  void pause_if_full();
  void resume();
  void finish();
  Responder make_responder(bool keep_alive);

  Server& server_;
  net::StreamPtr stream_;
  std::unique_ptr<Incoming> incoming_;
  Exchange* exchange_ = nullptr;
  std::string_view behind_;  // bytes behind the request that is being served, during consume()
  std::size_t index_ = 0;    // in the server's list
  State state_ = State::head;
  bool consuming_ = false;
  bool ended_ = false;  // the client sends no more
  bool paused_ = false;
  bool waits_turn_ = false;  // requests that have come go on in a later turn
  bool end_waits_ = false;   // and the end behind them
};

}  // namespace whirl::http
