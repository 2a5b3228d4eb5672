// The tables against what the server that this one replaces says about itself.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "config/assign.h"
#include "config/config.h"
#include "config/load.h"
#include "config/text.h"

namespace whirl::config {
namespace {

const std::string kData = std::string(WHIRL_SOURCE_DIR) + "/tests/data/centrifugo-6.9.1-";

std::string read(const std::string& name) {
  std::ifstream in(kData + name);
  EXPECT_TRUE(in) << name;
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Known {
  std::string type;
  std::string standard;
};

void walk(const Table& table, const void* holder, const std::string& path,
          std::map<std::string, Known>& out) {
  for (const Option& option : table.options()) {
    if (option.has(kHidden) || option.has(kOwn)) continue;
    const std::string name = join_path(path, option.name);
    Known& known = out[name];
    known.type = type_name(option);
    if (option.kind == Kind::object) {
      walk(*option.object(), option.in(holder), name, out);
    } else if (option.kind == Kind::object_list) {
      known.standard = "[]";
      walk(*option.object(), option.object()->defaults(), name + "[]", out);
    } else {
      known.standard = text_of(option, holder);
    }
  }
}

/// The facts name types as Go has them, and write defaults as the source does.
std::string our_type(const std::string& type) {
  if (type == "int64") return "int";
  if (type == "[]centrifuge.DeltaType") return "[]string";
  return type;
}

std::string our_standard(const std::string& type, const std::string& standard) {
  if (type == "Duration") return standard.empty() ? "0s" : Duration::parse(standard)->text();
  if (type == "bool") return standard.empty() ? "false" : standard;
  if (type == "MapStringString") return "{}";
  if (standard.empty() && (type.starts_with("int") || type == "uint32")) return "0";
  return standard;
}

TEST(Facts, EveryOptionIsKnownWithItsTypeAndDefault) {
  std::map<std::string, Known> ours;
  walk(Config::table(), Config::table().defaults(), "", ours);
  std::istringstream lines(read("options.tsv"));
  std::string line;
  std::getline(lines, line);
  std::size_t count = 0;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string name, type, standard;
    std::getline(fields, name, '\t');
    std::getline(fields, type, '\t');
    std::getline(fields, standard, '\t');
    ++count;
    const auto found = ours.find(name);
    ASSERT_NE(found, ours.end()) << name;
    EXPECT_EQ(found->second.type, our_type(type)) << name;
    EXPECT_EQ(found->second.standard, our_standard(type, standard)) << name;
  }
  EXPECT_EQ(count, 1301u);
  EXPECT_EQ(ours.size(), count) << "there is an option that the facts do not have";
}

TEST(Facts, DefaultConfigurationIsTheSame) {
  const auto expected = parse_json(read("defaultconfig.json"));
  ASSERT_TRUE(expected);
  EXPECT_EQ(write_json(to_value(Config::table(), Config::table().defaults())), write_json(*expected));
}

TEST(Facts, DefaultEnvironmentIsTheSame) {
  EXPECT_EQ(write_environment(Config{}, false), read("defaultenv.txt"));
}

TEST(Facts, EveryOptionSaysWhatItIsFor) {
  std::vector<const Table*> open = {&Config::table()};
  while (!open.empty()) {
    const Table* table = open.back();
    open.pop_back();
    for (const Option& option : table->options()) {
      EXPECT_TRUE(option.doc.ends_with('.')) << table->name() << '.' << option.name;
      EXPECT_EQ(table->find(option.name), &option) << "the name occurs twice in " << table->name();
      if (option.holds_objects()) open.push_back(option.object());
    }
  }
}

TEST(Facts, WhatIsWrittenIsReadBack) {
  Config config;
  config.client.allowed_origins = {"https://a.example", "https://b.example"};
  config.client.proxy.connect.http.static_headers = {{"X-Key", "a \"quoted\" text"}};
  config.client.ping_interval = *Duration::parse("1m1.5s");
  config.channel.namespaces.resize(2);
  config.channel.namespaces[0].name = "chat";
  config.channel.namespaces[1].name = "news";
  config.channel.namespaces[1].map.key_ttl = Duration::seconds(3);
  config.http_api.key = "key: # not a comment";
  const Value value = to_value(Config::table(), &config);
  const std::string json = write_json(value);
  const std::pair<std::string, Result<Value>> copies[] = {{"JSON", parse_json(json)},
                                                          {"YAML", parse_yaml(write_yaml(value))},
                                                          {"TOML", parse_toml(write_toml(value))}};
  for (const auto& [format, tree] : copies) {
    ASSERT_TRUE(tree) << format << ": " << tree.error().message;
    Config copy;
    const Environment env;
    Application application{format, env, {}};
    ASSERT_TRUE(application.apply(Config::table(), &copy, *tree->as<Map>(), ""));
    EXPECT_TRUE(application.unknown.empty());
    EXPECT_EQ(write_json(to_value(Config::table(), &copy)), json) << format;
  }
}

}  // namespace
}  // namespace whirl::config
