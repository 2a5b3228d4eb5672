#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace whirl::broker {

/// How channels and nodes are called in NATS; Centrifugo's names, so that nodes of both kinds can share one.
class NatsSubjects {
 public:
  struct Raw {
    std::string prefix{};
    std::map<std::string, std::string> replacements{};  ///< of parts of channel names; empty keys are ignored
  };

  explicit NatsSubjects(std::string_view prefix);
  /// Raw mode: channels are subjects as they are, except for the replacements.
  NatsSubjects(std::string_view prefix, const Raw& raw);

  std::string of_channel(std::string_view channel) const;
  /// The channel that a subject stands for; of a raw one, the name with replacements made.
  std::string_view channel_of(std::string_view subject) const;
  std::string of_all_nodes() const { return prefix_ + ".control"; }
  std::string of_node(std::string_view uid) const { return prefix_ + ".node." + std::string(uid); }

 private:
  std::string prefix_;
  std::string channel_prefix_;
  std::vector<std::pair<std::string, std::string>> replacements_;  // the longest first
};

}  // namespace whirl::broker
