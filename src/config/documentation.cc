#include "config/documentation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <vector>

#include "config/apply.h"
#include "config/config.h"
#include "config/table.h"
#include "config/text.h"

namespace whirl::config {
namespace {

constexpr std::string_view kIntroduction =
    R"(Options come from four sources; each overrides the ones before it:

1. the defaults below,
2. a file in JSON, YAML or TOML, by the end of its name (`--config`, `config.json` if not said otherwise),
3. environment variables,
4. flags of the command line (`whirl --help`).

In a file, options nest as their paths say: `client.allowed_origins` is `allowed_origins` inside `client`. A value that is
zero or empty counts as not set. An option that does not exist is reported at the start and ignored; a value that cannot be
understood, or a combination that cannot work, stops the server.

The variable of an option is `WHIRL_` or `CENTRIFUGO_` and its path in capital letters, with `_` between the parts:
`CENTRIFUGO_CLIENT_ALLOWED_ORIGINS`. `WHIRL_` wins where both are set; empty ones count as not set. Lists of texts are
separated by spaces, maps and lists of objects are JSON. Namespaces, named proxies and consumers can also be named in the
variable of their list (`CENTRIFUGO_CHANNEL_NAMESPACES="chat news"`) and then be set one by one:
`CENTRIFUGO_CHANNEL_NAMESPACES_CHAT_PRESENCE=true`. A file `.env` in the working directory adds variables.

| Type | In a file | In a variable |
| --- | --- | --- |
| bool | `true` | `true`, `1`, `false`, `0` |
| int | `10` | `10` |
| string | `"text"` | `text` |
| []string | `["a", "b"]` | `a b` |
| Duration | `"1h30m"`, `"25s"`, `"300ms"` | `25s` |
| PEMData | the PEM text, its base64, or the path of a file | the same |
| MapStringString | `{"key": "value"}` or `[{"key": "key", "value": "value"}]` | `{"key": "value"}` |

Values of maps may use variables whose names start with `WHIRL_VAR_` or `CENTRIFUGO_VAR_`: `"${CENTRIFUGO_VAR_TOKEN}"`.

)";

struct DocRow {
  std::string path;
  std::string type;  ///< its name, or the object that it links to
  bool links = false;
  std::string standard;  ///< its default
  std::string_view doc;
};

struct DocSection {
  std::string title;
  std::string_view doc;
  std::vector<DocRow> rows;
};

bool is_plain(const Option& option) {
  return !option.holds_objects();
}

/// Tables by how many options hold such an object; the ones that several do are documented once.
std::map<const Table*, int> count_uses(const Table& root) {
  std::map<const Table*, int> uses;
  std::vector<const Table*> open = {&root};
  while (!open.empty()) {
    const Table* table = open.back();
    open.pop_back();
    for (const Option& option : table->options()) {
      if (is_plain(option) || option.has(kHidden)) continue;
      if (uses[option.object()]++ == 0) open.push_back(option.object());
    }
  }
  return uses;
}

std::string standard_text(const Option& option, const void* holder) {
  if (!is_plain(option) || option.kind == Kind::text_map) return "";
  const std::string text = text_of(option, holder);
  return text == "0" || text == "0s" || text == "false" ? "" : text;
}

struct Documentation {
  std::map<const Table*, int> uses = count_uses(Config::table());
  std::vector<const Table*> shared;  ///< in the order of their first mention
  std::vector<DocSection> sections;

  bool is_shared(const Table& table) const { return uses.at(&table) > 1; }

  void add_rows(DocSection& section, const Table& table, const void* holder, const std::string& path);
  void add_section(const Option& option);
  void add_shared();
};

void Documentation::add_rows(DocSection& section, const Table& table, const void* holder,
                             const std::string& path) {
  for (const Option& option : table.options()) {
    if (option.has(kHidden)) continue;
    const std::string name = join_path(path, option.name);
    if (is_plain(option)) {
      section.rows.push_back({name, type_name(option), false, standard_text(option, holder), option.doc});
      continue;
    }
    const Table& object = *option.object();
    const bool link = is_shared(object);
    const std::string many = option.kind == Kind::object_list ? "[]" : "";
    section.rows.push_back({name, many + std::string(object.name()), link, "", option.doc});
    if (link) {
      if (std::ranges::find(shared, &object) == shared.end()) shared.push_back(&object);
    } else {
      const void* inner = option.kind == Kind::object ? option.in(holder) : object.defaults();
      add_rows(section, object, inner, name + many);
    }
  }
}

void Documentation::add_section(const Option& option) {
  const Table& object = *option.object();
  const std::string many = option.kind == Kind::object_list ? "[]" : "";
  DocSection& section = sections.emplace_back();
  section.title = std::string(option.name) + many;
  section.doc = option.doc;
  const void* holder =
      option.kind == Kind::object ? option.in(Config::table().defaults()) : object.defaults();
  add_rows(section, object, holder, section.title);
}

void Documentation::add_shared() {
  for (std::size_t i = 0; i < shared.size(); ++i) {
    const Table* table = shared[i];
    DocSection section;
    section.title = table->name();
    section.doc = "Used by several options; paths are relative to them.";
    add_rows(section, *table, table->defaults(), "");
    sections.push_back(std::move(section));
  }
}

/// The sections of the root, what is not in a section, and the shared objects.
Documentation document(std::string_view only) {
  Documentation all;
  DocSection rest{"Other options", "Options that belong to no section.", {}};
  for (const Option& option : Config::table().options()) {
    if (!option.name.starts_with(only)) continue;
    if (!is_plain(option)) {
      all.add_section(option);
    } else {
      const void* defaults = Config::table().defaults();
      const std::string name(option.name);
      rest.rows.push_back({name, type_name(option), false, standard_text(option, defaults), option.doc});
    }
  }
  if (!rest.rows.empty()) all.sections.push_back(std::move(rest));
  all.add_shared();
  return all;
}

std::string anchor(std::string_view title) {
  std::string out;
  for (char c : title) {
    if (c != '[' && c != ']') out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

/// The one piece of Markdown that descriptions use: `code`.
std::string code_to_html(std::string_view text) {
  std::string out;
  bool inside = false;
  for (char c : escape_html(text)) {
    if (c != '`') {
      out += c;
    } else {
      out += inside ? "</code>" : "<code>";
      inside = !inside;
    }
  }
  return out;
}

}  // namespace

std::string write_markdown(std::string_view section, int level) {
  const Documentation all = document(section);
  const auto heading = [level](int depth) {
    return std::string(static_cast<std::size_t>(std::clamp(depth + level, 1, 6)), '#');
  };
  std::string out;
  if (section.empty()) out += fmt::format("{} Configuration\n\n{}", heading(1), kIntroduction);
  for (const DocSection& part : all.sections) {
    out += fmt::format("{} {}\n\n{}\n\n| Option | Type | Default | Meaning |\n| --- | --- | --- | --- |\n",
                       heading(2), part.title, part.doc);
    for (const DocRow& row : part.rows) {
      const std::string type = row.links ? fmt::format("[{}](#{})", row.type, anchor(row.type)) : row.type;
      const std::string standard = row.standard.empty() ? "" : '`' + row.standard + '`';
      out += fmt::format("| `{}` | {} | {} | {} |\n", row.path, type, standard, row.doc);
    }
    out += '\n';
  }
  out.pop_back();
  return out;
}

std::string write_html(std::string_view section) {
  const Documentation all = document(section);
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Configuration</title>\n"
      "<style>body{font:15px sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}"
      "table{border-collapse:collapse;width:100%}td,th{border:1px solid #ccc;padding:.3rem "
      ".5rem;text-align:left}"
      "</style>\n<h1>Configuration</h1>\n";
  for (const DocSection& part : all.sections) {
    out +=
        fmt::format("<h2 id=\"{}\">{}</h2>\n<p>{}</p>\n<table>\n", anchor(part.title), part.title, part.doc);
    out += "<tr><th>Option<th>Type<th>Default<th>Meaning\n";
    for (const DocRow& row : part.rows) {
      const std::string type =
          row.links ? fmt::format("<a href=\"#{}\">{}</a>", anchor(row.type), row.type) : row.type;
      out += fmt::format("<tr><td><code>{}</code><td>{}<td><code>{}</code><td>{}\n", row.path, type,
                         escape_html(row.standard), code_to_html(row.doc));
    }
    out += "</table>\n";
  }
  return out + "</html>\n";
}

}  // namespace whirl::config
