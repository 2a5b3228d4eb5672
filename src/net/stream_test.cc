#include "net/stream.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "testing/peer.h"

namespace whirl::net {
namespace {

using whirl::testing::Peer;

static_assert(sizeof(Stream) <= 100);

class StreamTest : public ::testing::Test, protected StreamHandler {
 protected:
  StreamTest() {
    int pair[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    peer = Peer(Fd(pair[1]));
    stream = SocketStream::adopt(loop, Fd(pair[0]));
    stream->set_handler(this);
    loop.turn();
  }

  void on_data(std::span<char> bytes) override {
    ++reads;
    got.append(bytes.data(), bytes.size());
    if (on_bytes) on_bytes();
  }
  void on_end() override { ++ends; }
  void on_drained() override { ++drains; }

  void turns(int count = 3) {
    for (int i = 0; i < count; ++i) loop.turn();
  }

  ManualClock clock;
  Loop loop{0, clock};
  Peer peer;
  StreamPtr stream;
  std::string got;
  UniqueFunction<void()> on_bytes;
  int reads = 0;
  int ends = 0;
  int drains = 0;
};

TEST_F(StreamTest, DeliversBytesAndTheEndOnce) {
  peer.send("hello");
  turns();
  EXPECT_EQ(got, "hello");
  peer.send(" bye");
  peer.shut_down();
  turns();
  EXPECT_EQ(got, "hello bye");
  EXPECT_EQ(ends, 1);
  EXPECT_FALSE(stream->closed());
  stream->write("still open this way");
  turns();
  EXPECT_EQ(peer.receive(), "still open this way");
}

TEST_F(StreamTest, WhatARoundLeavesIsReadInLaterTurns) {
  std::string large(Loop::kReadBufferSize * 2 + 100, 'x');
  std::size_t sent = peer.send_some(large);
  ASSERT_GT(sent, Loop::kReadBufferSize);
  loop.turn();
  EXPECT_EQ(reads, 1);
  EXPECT_LT(got.size(), Loop::kReadBufferSize) << "nobody knows yet how long it takes";
  const std::size_t at_first = got.size();
  loop.turn();
  EXPECT_EQ(got.size() - at_first, Loop::kReadBufferSize);
  turns(4);
  EXPECT_EQ(got.size(), sent);
}

TEST_F(StreamTest, AfterInputThatTookLongItGivesWayOnce) {
  on_bytes = [this] { clock.advance(3); };
  peer.send(std::string(1000, 'x'));
  loop.turn();
  EXPECT_EQ(reads, 1);
  on_bytes = [] {};
  for (int expected : {1, 2}) {  // the first turn only sees that there is something
    if (expected == 1) peer.send(std::string(1000, 'x'));
    loop.turn();
    EXPECT_EQ(reads, expected);
  }
  peer.send(std::string(1000, 'x'));
  loop.turn();
  EXPECT_EQ(reads, 3);
}

TEST_F(StreamTest, APeerThatIsNeverDoneIsReadOnceATurn) {
  std::size_t sent = 0;
  const std::string large(Loop::kReadBufferSize * 3, 'x');
  for (int i = 1; i <= 20; ++i) {
    sent += peer.send_some(large);
    loop.turn();
    EXPECT_EQ(reads, i);
  }
  peer.shut_down();
  for (int before = 0; before < reads; loop.turn()) before = reads;
  EXPECT_EQ(got.size(), sent);
  EXPECT_EQ(ends, 1);
}

TEST_F(StreamTest, WritesLeaveTogetherAtTheEndOfTheTurn) {
  stream->write("a");
  stream->write(SharedBytes::copy("b"));
  stream->write(std::string("c"));
  EXPECT_EQ(stream->outbox_bytes(), 3u);
  EXPECT_EQ(peer.receive(), "");
  loop.turn();
  EXPECT_EQ(peer.receive(), "abc");
  EXPECT_EQ(stream->outbox_bytes(), 0u);
  EXPECT_EQ(drains, 0);
}

TEST_F(StreamTest, ManySmallWritesNeedSeveralGatheredSends) {
  std::string expected;
  for (int i = 0; i < 500; ++i) {
    stream->write(std::to_string(i));
    expected += std::to_string(i);
  }
  loop.turn();
  EXPECT_EQ(peer.receive(), expected);
}

TEST_F(StreamTest, WhatTheSocketDoesNotTakeFollowsWhenItCan) {
  std::string piece(100'000, 'p');
  for (int i = 0; i < 50; ++i) stream->write(piece);
  turns();
  EXPECT_GT(stream->outbox_bytes(), 0u);
  EXPECT_EQ(drains, 0);
  stream->write("last");
  std::string all;
  for (int i = 0; i < 1000 && all.size() < 5'000'004; ++i) {
    all += peer.receive();
    loop.turn();
  }
  EXPECT_EQ(all.size(), 5'000'004u);
  EXPECT_TRUE(all.ends_with("pplast"));
  EXPECT_EQ(stream->outbox_bytes(), 0u);
  EXPECT_EQ(drains, 1);
}

TEST_F(StreamTest, APausedStreamReadsNothingUntilResumed) {
  stream->pause_reading();
  peer.send("later");
  peer.shut_down();
  turns();
  EXPECT_EQ(got, "");
  EXPECT_EQ(ends, 0);
  stream->resume_reading();
  turns();
  EXPECT_EQ(got, "later");
  EXPECT_EQ(ends, 1);
}

TEST_F(StreamTest, TheHandlerMayDropTheStreamWhileItIsCalled) {
  on_bytes = [this] { stream.reset(); };
  peer.send(std::string(Loop::kReadBufferSize, 'x'));
  turns();
  EXPECT_EQ(reads, 1);
  EXPECT_EQ(ends, 0);
  EXPECT_TRUE(peer.at_end());
}

TEST_F(StreamTest, AnotherHandlerCanTakeOver) {
  struct Second final : StreamHandler {
    void on_data(std::span<char> bytes) override { got.append(bytes.data(), bytes.size()); }
    void on_end() override {}
    std::string got;
  } second;
  on_bytes = [&] { stream->set_handler(&second); };
  peer.send("upgrade");
  turns();
  peer.send("frames");
  turns();
  EXPECT_EQ(got, "upgrade");
  EXPECT_EQ(second.got, "frames");
}

TEST_F(StreamTest, CloseLosesTheQueueAndStaysSilent) {
  stream->write("never seen");
  stream->close();
  stream->close();
  stream->write("nor this");
  EXPECT_TRUE(stream->closed());
  turns();
  EXPECT_EQ(peer.receive(), "");
  EXPECT_TRUE(peer.at_end());
  EXPECT_EQ(ends, 0);
}

TEST_F(StreamTest, CloseAfterFlushSendsEverythingThoughTheOwnerIsGone) {
  std::string large(1'000'000, 'z');
  stream->write(large);
  stream->close_after_flush();
  stream.reset();
  peer.send("ignored");
  std::string all;
  for (int i = 0; i < 1000 && all.size() < large.size(); ++i) {
    loop.turn();
    all += peer.receive();
  }
  turns();
  EXPECT_EQ(all.size(), large.size());
  EXPECT_TRUE(peer.at_end());
  EXPECT_EQ(got, "");
  peer.close();
  turns();
  EXPECT_EQ(ends, 0);
}

TEST_F(StreamTest, AClosingStreamGivesUpOnAPeerThatDoesNotEnd) {
  stream->close_after_flush();
  turns();
  EXPECT_FALSE(stream->closed());
  clock.advance(Stream::kLingerMs + 1);
  turns();
  EXPECT_TRUE(stream->closed());
  stream.reset();
  turns();
}

TEST_F(StreamTest, ClosingAfterThePeerEndedIsImmediate) {
  peer.shut_down();
  turns();
  stream->write("bye");
  stream->close_after_flush();
  turns();
  EXPECT_TRUE(stream->closed());
  EXPECT_EQ(peer.receive(), "bye");
}

TEST_F(StreamTest, AFailedConnectionEndsClosed) {
  peer.close();
  stream->write("nobody reads this");
  turns();
  EXPECT_EQ(ends, 1);
  stream.reset();
}

TEST_F(StreamTest, AStreamLeftBehindEndsWithItsLoop) {
  stream->write(std::string(5'000'000, 'q'));
  stream->close_after_flush();
  stream.reset();
  loop.turn();
}

}  // namespace
}  // namespace whirl::net
