#include <cstdio>
#include <memory>

#include "app/cli/commands.h"
#include "config/documentation.h"
#include "http/server.h"
#include "net/acceptor.h"
#include "net/loop.h"

namespace whirl::app::cli {
namespace {

struct Values {
  bool markdown = false;
  std::string section;
  std::int64_t port = 6060;
  std::int64_t base_level = 0;
};

/// Serves the page to this machine only, until the process is ended.
int serve_page(const Values& values) {
  auto listeners = net::open_listeners({.host = "127.0.0.1", .port = static_cast<int>(values.port)}, 1);
  if (!listeners) return report(listeners.error());
  net::Loop loop;
  http::Router router;
  router.add(
      {"/", {}, [page = config::write_html(values.section)](http::Request&, http::Responder responder) {
         responder.reply(200, "text/html; charset=utf-8", page);
       }});
  http::Server server(loop, std::move(router));
  std::fprintf(stderr, "the options are described at http://localhost:%d\n",
               net::local_port((*listeners)[0]));
  net::Acceptor acceptor(loop, std::move((*listeners)[0]),
                         [&](net::StreamPtr stream) { server.accept(std::move(stream)); });
  loop.run();
  return 0;
}

int show(const Values& values) {
  if (!values.markdown) return serve_page(values);
  print(config::write_markdown(values.section, static_cast<int>(values.base_level)));
  return 0;
}

}  // namespace

Command configdoc_command() {
  return {"configdoc", "Show what all options mean", [](Flags& flags) -> std::function<int()> {
            auto values = std::make_shared<Values>();
            flags.on("-m,--markdown", values->markdown, "Print Markdown instead of serving a page");
            flags.text("-s,--section", values->section, "Only sections whose name starts with this");
            flags.number("-p,--port", values->port, "Port of the page");
            flags.number("-l,--base-level", values->base_level, "How much deeper headings are");
            return [values] { return show(*values); };
          }};
}

}  // namespace whirl::app::cli
