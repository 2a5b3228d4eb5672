#include "config/sections/endpoints.h"

#include "config/table.h"

namespace whirl::config {

const Table& Admin::table() {
  static const Row<Admin> rows[] = {
      {"enabled", &Admin::enabled, "Turns it on."},
      {"handler_prefix", &Admin::handler_prefix, "Path it is served at."},
      {"password", &Admin::password, "Password to log in with.", kSecret},
      {"secret", &Admin::secret, "Key of the sessions of people who logged in.", kSecret},
      {"insecure", &Admin::insecure, "Needs no login. For development only."},
      {"web_path", &Admin::web_path, "Directory with a web interface to serve instead of the built-in one."},
      {"web_proxy_address", &Admin::web_proxy_address,
       "Address to fetch the web interface from, for those who develop it."},
      {"external", &Admin::external, "Serves it on the external port too."},
  };
  static const Table table("Admin", rows);
  return table;
}

const Table& Health::table() {
  static const Row<Health> rows[] = {
      {"enabled", &Health::enabled, "Turns it on."},
      {"handler_prefix", &Health::handler_prefix, "Path it is served at."},
  };
  static const Table table("Health", rows);
  return table;
}

const Table& Swagger::table() {
  static const Row<Swagger> rows[] = {
      {"enabled", &Swagger::enabled, "Turns it on."},
      {"handler_prefix", &Swagger::handler_prefix, "Path it is served at."},
  };
  static const Table table("Swagger", rows);
  return table;
}

const Table& Debug::table() {
  static const Row<Debug> rows[] = {
      {"enabled", &Debug::enabled, "Turns it on."},
      {"handler_prefix", &Debug::handler_prefix, "Path it is served at."},
  };
  static const Table table("Debug", rows);
  return table;
}

}  // namespace whirl::config
