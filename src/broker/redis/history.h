#pragma once
#include <string>

#include "broker/types.h"
#include "driver/redis/resp.h"

/// What scripts answer about streams (scripts.cc), read.
namespace whirl::broker::redis {

/// 8 letters.
std::string new_epoch();

/// The arguments that a query becomes.
struct HistoryRange {
  bool wanted = true;       ///< publications, not only the position
  std::string first = "0";  ///< offset to begin with
  std::string limit = "0";  ///< 0: none
};
HistoryRange range_of(const HistoryQuery& query, bool lists);

Result<PublishResult> read_publish_result(const driver::redis::Value& value);
Result<HistoryResult> read_stream(const driver::redis::Value& value);
/// A list is read whole, so the query is answered here. Lists know no reverse order.
Result<HistoryResult> read_list(const driver::redis::Value& value, const HistoryQuery& query);

}  // namespace whirl::broker::redis
