#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace whirl::bench {

/// What a run found wrong with the messages it received; all must be zero.
struct Faults {
  std::uint64_t lost = 0;
  std::uint64_t doubled = 0;
  std::uint64_t reordered = 0;
  std::uint64_t corrupted = 0;
  std::uint64_t total() const { return lost + doubled + reordered + corrupted; }
};

/// Where the server is and how clients speak to it.
struct Target {
  std::string host = "127.0.0.1";
  long port = 8000;
  std::string path = "/connection/websocket";
  std::string api_path = "/api";
  std::string api_key;
  bool protobuf = false;
};

/// One WebSocket client of the protocol: connects, subscribes, counts publications. Payloads are made by
/// `payload()`, which numbers them per channel so that each client can tell lost, doubled and reordered ones.
/// Belongs to a Swarm.
class Client {
 public:
  enum class State { connecting, handshake, open, ready, closed };

  int fd = -1;
  State state = State::closed;
  std::string token;
  std::vector<std::uint32_t> channels;  ///< numbers of the channels to subscribe to
  std::vector<std::uint64_t> last;      ///< last number seen, per subscribed channel
  std::uint32_t replies_left = 0;
  std::uint64_t received = 0;
  std::string partial;  ///< the part of a frame that came so far
};

/// Many clients on one epoll set in one thread.
class Swarm {
 public:
  struct Options {
    Target target;
    std::string channel_prefix = "bench:";
    std::string subscribe_extra;  ///< further JSON fields of each subscribe request
    bool by_offset = false;       ///< number publications by their offset (deltas hide the payload's number)
    bool handshake_only = false;  ///< ready after 101, for the floor of accepting
    int parallel_connects = 64;
  };

  explicit Swarm(Options options);
  ~Swarm();
  Swarm(const Swarm&) = delete;
  Swarm& operator=(const Swarm&) = delete;

  /// Adds a client which will subscribe to the given channels once started.
  void add(std::vector<std::uint32_t> channels, std::string token = {});
  /// Connects all added clients; true when every one is ready within the time.
  bool connect_all(int timeout_ms);
  /// Subscribes every client to one more channel each.
  bool subscribe_all(const std::vector<std::uint32_t>& channels, int timeout_ms);
  /// Reads until `count` publications came in all since the last call, or the time is over.
  bool receive(std::uint64_t count, int timeout_ms);
  /// Client `index` publishes `data` (JSON) to a channel; the reply is not waited for.
  void publish(std::size_t index, std::uint32_t channel, std::string_view data);
  /// Client `index` leaves its first channel for another; false if it still waits for an answer.
  bool move(std::size_t index, std::uint32_t channel);
  /// Client `index` asks who is in its first channel, unless it still waits for an answer.
  void ask_presence(std::size_t index);
  /// Reads until every client has the answers that it waits for.
  bool settle(int timeout_ms);
  /// Reads what comes within the time.
  void idle(int ms);
  void close_all();

  std::size_t size() const { return clients_.size(); }
  const Faults& faults() const { return faults_; }
  /// Called with the send time in a payload (ns, monotonic) for each received publication, if set.
  std::function<void(std::int64_t sent_ns)> on_latency;

 private:
  void start_connect(std::size_t index);
  void on_event(std::size_t index, std::uint32_t events);
  void on_readable(std::size_t index);
  void on_frame(std::size_t index, unsigned opcode, std::string_view payload);
  void on_message(std::size_t index, std::string_view message);
  void on_publication(Client& client, std::string_view data);
  void count(Client& client, std::size_t subscription, std::uint64_t number);
  void send_commands(Client& client, const std::vector<std::uint32_t>& channels, bool connect);
  void send_frame(Client& client, unsigned opcode, std::string_view payload);
  bool turn(int timeout_ms);
  void await_replies(Client& client, std::uint32_t replies);
  std::string channel_command(std::uint32_t id, const char* name, unsigned field,
                              std::uint32_t channel) const;
  std::string connect_command(const Client& client) const;
  std::string subscribe_command(std::uint32_t id, std::uint32_t channel) const;
  std::string publish_command(std::uint32_t id, std::uint32_t channel, std::string_view data) const;

  Options options_;
  int epoll_ = -1;
  std::vector<std::unique_ptr<Client>> clients_;
  std::size_t next_to_connect_ = 0;
  std::size_t in_progress_ = 0;
  std::size_t ready_ = 0;
  std::uint64_t received_ = 0;
  Faults faults_;
};

/// `{"c":channel,"n":number,"t":time,"x":"filling"}`, about `size` bytes long.
std::string payload(std::uint32_t channel, std::uint64_t number, std::int64_t sent_ns, std::size_t size);

std::int64_t now_ns();

/// A keep-alive HTTP/1.1 connection to the server API.
class Api {
 public:
  explicit Api(Target target);
  ~Api();
  /// POSTs and waits for the response; returns the body, empty if the connection failed.
  std::string call(std::string_view method, std::string_view body);
  /// Sends without waiting; the responses are read by a later drain(count).
  void send(std::string_view method, std::string_view body);
  bool drain(std::size_t count);

 private:
  bool read_response(std::string& body);
  Target target_;
  int fd_ = -1;
  std::string buffer_;
};

}  // namespace whirl::bench
