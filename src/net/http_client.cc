#include "net/http_client.h"

#include <curl/curl.h>
#include <sys/epoll.h>

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "base/check.h"

namespace whirl::net {
namespace {

struct CurlEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct CurlList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

void curl_init_once() {
  static std::once_flag once;
  std::call_once(once, [] { WHIRL_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

/// One request under way; owned by the Multi.
struct Transfer {
  std::unique_ptr<CURL, CurlEasy> easy{curl_easy_init()};
  std::unique_ptr<curl_slist, CurlList> header_list;
  std::unique_ptr<curl_slist, CurlList> connect_to;
  HttpClient::RequestId id = 0;
  HttpRequest request;
  HttpResponse response;
  HttpClient::Callback callback;
  char error[CURL_ERROR_SIZE] = "";

  void set_up();
  void set_up_headers();
  void set_up_tls();
  void set_server_name();
  void finish(CURLcode code);

  static std::size_t on_body(char* data, std::size_t one, std::size_t size, void* self);
  static std::size_t on_header(char* data, std::size_t one, std::size_t size, void* self);
};

void Transfer::set_up() {
  CURL* c = easy.get();
  curl_easy_setopt(c, CURLOPT_PRIVATE, this);
  curl_easy_setopt(c, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.method == "HEAD") curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
  if (!request.body.empty() || request.method == "POST") {
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, request.body.c_str());
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  }
  curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout_ms));
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(c, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
  curl_easy_setopt(c, CURLOPT_ERRORBUFFER, error);
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(c, CURLOPT_HEADERDATA, this);
  set_up_tls();
  set_up_headers();
}

void Transfer::set_up_headers() {
  auto add = [this](const std::string& line) {
    curl_slist* longer = curl_slist_append(header_list.get(), line.c_str());
    WHIRL_CHECK(longer);
    [[maybe_unused]] curl_slist* same = header_list.release();
    header_list.reset(longer);
  };
  add("Expect:");  // no round trip before a large body
  // A semicolon instead of a colon is how curl is told to send a header without a value.
  for (auto& [name, value] : request.headers) add(value.empty() ? name + ";" : name + ": " + value);
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, header_list.get());
}

void Transfer::set_up_tls() {
  CURL* c = easy.get();
  const TlsClientOptions& tls = request.tls;
  auto set_blob = [c](CURLoption option, const std::string& text) {
    if (text.empty()) return;
    curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};
    curl_easy_setopt(c, option, &blob);
  };
  set_blob(CURLOPT_CAINFO_BLOB, tls.ca);
  set_blob(CURLOPT_SSLCERT_BLOB, tls.certificate);
  set_blob(CURLOPT_SSLKEY_BLOB, tls.key);
  if (tls.insecure_skip_verify) {
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!tls.server_name.empty()) set_server_name();
}

// curl takes the name to verify from the URL, so the URL names the server and the connection is led to the
// real host.
void Transfer::set_server_name() {
  std::unique_ptr<CURLU, void (*)(CURLU*)> url(curl_url(), curl_url_cleanup);
  if (curl_url_set(url.get(), CURLUPART_URL, request.url.c_str(), 0) != CURLUE_OK)
    return;  // curl will say so itself
  auto part = [&url](CURLUPart which, unsigned flags) {
    char* text = nullptr;
    curl_url_get(url.get(), which, &text, flags);
    std::unique_ptr<char, void (*)(void*)> owned(text, curl_free);
    return std::string(text ? text : "");
  };
  std::string host = part(CURLUPART_HOST, 0);
  std::string port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::string shown_port = part(CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
  curl_url_set(url.get(), CURLUPART_HOST, request.tls.server_name.c_str(), 0);
  request.headers.emplace_back("Host", shown_port.empty() ? host : host + ":" + shown_port);
  std::string route = fmt::format("{}:{}:{}:{}", request.tls.server_name, port, host, port);
  connect_to.reset(curl_slist_append(nullptr, route.c_str()));
  curl_easy_setopt(easy.get(), CURLOPT_CONNECT_TO, connect_to.get());
  curl_easy_setopt(easy.get(), CURLOPT_URL, part(CURLUPART_URL, 0).c_str());
}

std::size_t Transfer::on_body(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (transfer.response.body.size() + size > transfer.request.max_body) {
    transfer.response.error = fmt::format("the answer is longer than {} bytes", transfer.request.max_body);
    return 0;
  }
  transfer.response.body.append(data, size);
  return size;
}

std::size_t Transfer::on_header(char* data, std::size_t, std::size_t size, void* self) {
  auto& headers = static_cast<Transfer*>(self)->response.headers;
  std::string_view line(data, size);
  if (line.starts_with("HTTP/")) {
    headers.clear();  // of an interim answer
    return size;
  }
  auto colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  std::string name(line.substr(0, colon));
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  line.remove_prefix(colon + 1);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  line.remove_suffix(line.size() - (line.find_last_not_of(" \t\r\n") + 1));
  headers.emplace_back(std::move(name), line);
  return size;
}

void Transfer::finish(CURLcode code) {
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  if (code != CURLE_OK && response.error.empty()) response.error = *error ? error : curl_easy_strerror(code);
}

}  // namespace

/// Joins curl's multi interface to the loop: curl says which sockets to watch and when it wants to be called
/// next.
class HttpClient::Multi : private Timer {
 public:
  explicit Multi(Loop& loop) : loop_(loop), multi_(curl_multi_init()) {
    WHIRL_CHECK(multi_);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, on_timeout);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  }

  ~Multi() override {
    for (auto& [id, transfer] : transfers_) curl_multi_remove_handle(multi_, transfer->easy.get());
    transfers_.clear();
    curl_multi_cleanup(multi_);
    for (auto& [fd, socket] : sockets_) loop_.unwatch(fd, socket.get());
  }

  RequestId send(HttpRequest request, Callback callback) {
    auto transfer = std::make_unique<Transfer>();
    WHIRL_CHECK(transfer->easy);
    transfer->id = ++last_id_;
    transfer->request = std::move(request);
    transfer->callback = std::move(callback);
    transfer->set_up();
    WHIRL_CHECK(curl_multi_add_handle(multi_, transfer->easy.get()) == CURLM_OK);
    transfers_.emplace(last_id_, std::move(transfer));
    return last_id_;
  }

  void cancel(RequestId id) {
    auto found = transfers_.find(id);
    if (found == transfers_.end()) return;
    curl_multi_remove_handle(multi_, found->second->easy.get());
    transfers_.erase(found);
  }

  std::size_t size() const { return transfers_.size(); }

 private:
  struct Socket final : IoHandler {
    Socket(Multi& m, int f) : multi(m), fd(f) {}
    void on_io(std::uint32_t events) override { multi.on_ready(fd, events); }
    Multi& multi;
    int fd;
  };

  static int on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) {
    static_cast<Multi*>(self)->watch(fd, what);
    return 0;
  }

  static int on_timeout(CURLM*, long delay_ms, void* self) {
    auto& multi = *static_cast<Multi*>(self);
    multi.cancel_timer();
    if (delay_ms >= 0) multi.loop_.arm(multi, delay_ms);
    return 0;
  }

  void cancel_timer() { Timer::cancel(); }

  void watch(int fd, int what) {
    auto& socket = sockets_[fd];
    if (what == CURL_POLL_REMOVE) {
      if (socket) loop_.unwatch(fd, socket.get());
      loop_.destroy_later(std::move(socket));
      sockets_.erase(fd);
      return;
    }
    std::uint32_t events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
    if (socket) {
      (void)loop_.rewatch(fd, events, socket.get());
    } else {
      socket = std::make_unique<Socket>(*this, fd);
      (void)loop_.watch(fd, events, socket.get());
    }
  }

  void on_ready(int fd, std::uint32_t events) {
    int mask = (events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
               (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
    act(fd, mask);
  }

  void on_timer() override { act(CURL_SOCKET_TIMEOUT, 0); }

  void act(curl_socket_t fd, int mask) {
    int running = 0;
    curl_multi_socket_action(multi_, fd, mask, &running);
    // Callbacks run after curl has returned, where they may send, cancel, or destroy the client.
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      Transfer* transfer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      transfer->finish(message->data.result);
      curl_multi_remove_handle(multi_, transfer->easy.get());
      done_.push_back(transfer->id);
    }
    if (!done_.empty()) call_back();
  }

  void call_back() {
    std::weak_ptr<int> alive = alive_;
    for (RequestId id : std::exchange(done_, {})) {
      auto node = transfers_.extract(id);
      if (node) node.mapped()->callback(std::move(node.mapped()->response));
      if (alive.expired()) return;
    }
  }

  Loop& loop_;
  CURLM* multi_;
  RequestId last_id_ = 0;
  std::unordered_map<RequestId, std::unique_ptr<Transfer>> transfers_;
  std::unordered_map<int, std::unique_ptr<Socket>> sockets_;
  std::vector<RequestId> done_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

HttpClient::HttpClient(Loop& loop) {
  curl_init_once();
  multi_ = std::make_unique<Multi>(loop);
}
HttpClient::~HttpClient() = default;

HttpClient::RequestId HttpClient::send(HttpRequest request, Callback callback) {
  return multi_->send(std::move(request), std::move(callback));
}

HttpClient::RequestId HttpClient::get(std::string url, Callback callback) {
  HttpRequest request;
  request.url = std::move(url);
  return send(std::move(request), std::move(callback));
}

void HttpClient::cancel(RequestId id) {
  multi_->cancel(id);
}

std::size_t HttpClient::in_flight() const {
  return multi_->size();
}

}  // namespace whirl::net
