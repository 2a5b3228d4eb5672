#pragma once
#include "api/call.h"
#include "api/messages.h"

/// The methods of the server API, one file each. A request is needed during the call only.
namespace whirl::api {

void publish(Call<PublishResult> call, const PublishRequest& request);
void broadcast(Call<BroadcastResult> call, const BroadcastRequest& request);
void subscribe(Call<SubscribeResult> call, const SubscribeRequest& request);
void unsubscribe(Call<UnsubscribeResult> call, const UnsubscribeRequest& request);
void disconnect(Call<DisconnectResult> call, const DisconnectRequest& request);
void refresh(Call<RefreshResult> call, const RefreshRequest& request);
void history(Call<HistoryResult> call, const HistoryRequest& request);
void history_remove(Call<HistoryRemoveResult> call, const HistoryRemoveRequest& request);
void presence(Call<PresenceResult> call, const PresenceRequest& request);
void presence_stats(Call<PresenceStatsResult> call, const PresenceStatsRequest& request);
void channels(Call<ChannelsResult> call, const ChannelsRequest& request);
void info(Call<InfoResult> call, const InfoRequest& request);
void rpc(Call<RPCResult> call, const RPCRequest& request);

}  // namespace whirl::api
