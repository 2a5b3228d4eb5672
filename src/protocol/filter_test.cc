#include "protocol/filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "codec/json.h"

namespace whirl::protocol {
namespace {

using Tag = CompiledFilter::Tag;
using Tags = std::vector<Tag>;

/// Filters written as JSON.
class Filter : public ::testing::Test {
 protected:
  std::unique_ptr<CompiledFilter> compile(std::string_view json) {
    FilterNode node;
    if (!codec::decode_json(json, node, arena_)) return nullptr;
    auto compiled = CompiledFilter::compile(node);
    return compiled ? std::move(*compiled) : nullptr;
  }

  bool matches(std::string_view json, const Tags& tags) { return compile(json)->matches(tags); }

  codec::Arena arena_;
};

TEST_F(Filter, ComparesText) {
  Tags tags{{"city", "London"}, {"empty", ""}};
  struct Row {
    const char* filter;
    bool expected;
  };
  for (auto [filter, expected] : {Row{R"({"key":"city","cmp":"eq","val":"London"})", true},
                                  {R"({"key":"city","cmp":"eq","val":"london"})", false},
                                  {R"({"key":"town","cmp":"eq","val":"London"})", false},
                                  {R"({"key":"city","cmp":"neq","val":"Lyon"})", true},
                                  {R"({"key":"city","cmp":"neq","val":"London"})", false},
                                  {R"({"key":"town","cmp":"neq","val":"London"})", true},
                                  {R"({"key":"city","cmp":"in","vals":["Lyon","London"]})", true},
                                  {R"({"key":"city","cmp":"in","vals":["Lyon"]})", false},
                                  {R"({"key":"town","cmp":"in","vals":["Lyon"]})", false},
                                  {R"({"key":"town","cmp":"in","vals":[""]})", true},
                                  {R"({"key":"city","cmp":"nin","vals":["Lyon"]})", true},
                                  {R"({"key":"town","cmp":"nin","vals":["Lyon"]})", true},
                                  {R"({"key":"city","cmp":"ex"})", true},
                                  {R"({"key":"empty","cmp":"ex"})", true},
                                  {R"({"key":"town","cmp":"ex"})", false},
                                  {R"({"cmp":"nex"})", true},
                                  {R"({"key":"city","cmp":"sw","val":"Lon"})", true},
                                  {R"({"key":"city","cmp":"ew","val":"don"})", true},
                                  {R"({"key":"city","cmp":"ct","val":"nd"})", true},
                                  {R"({"key":"city","cmp":"ct","val":"x"})", false},
                                  {R"({"key":"town","cmp":"ct","val":"x"})", false}}) {
    EXPECT_EQ(matches(filter, tags), expected) << filter;
  }
}

TEST_F(Filter, ComparesNumbersExactly) {
  auto holds = [&](std::string_view value, std::string_view cmp, std::string_view bound) {
    std::string filter = fmt::format(R"({{"key":"n","cmp":"{}","val":"{}"}})", cmp, bound);
    return matches(filter, {{"n", std::string(value)}});
  };
  EXPECT_TRUE(holds("3", "gt", "2.5"));
  EXPECT_TRUE(holds("2.50", "gte", "2.5"));
  EXPECT_FALSE(holds("2.5", "gt", "2.50"));
  EXPECT_TRUE(holds("-7", "lt", "0"));
  EXPECT_TRUE(holds("-7", "lt", "-6.9"));
  EXPECT_TRUE(holds("010", "gte", "10"));
  EXPECT_TRUE(holds("+1", "lte", "1.0"));
  EXPECT_TRUE(holds("-0", "gte", "0.0"));
  EXPECT_TRUE(holds("100000000000000000000000000000000000000000000", "gt",
                    "99999999999999999999999999999999999999999999"));
  EXPECT_TRUE(holds("0.0000000000000000001", "gt", "0"));
  for (std::string_view no_number : {"", " 1", "1 ", "abc", "1e3", "Infinity", "NaN", ".5", "5.", "-", "+",
                                     "--1", "1.2.3", "0x10", "0.00000000000000000001"}) {
    EXPECT_FALSE(holds(no_number, "lt", "1000000")) << no_number;
    EXPECT_FALSE(holds(no_number, "gte", "-1000000")) << no_number;
  }
  EXPECT_FALSE(holds("1", "lt", "many"));
  EXPECT_FALSE(holds("1", "lte", "1e1"));
  EXPECT_FALSE(holds("1", "lt", std::string(201, '9')));
  EXPECT_TRUE(holds("1", "lt", std::string(200, '9')));
  EXPECT_FALSE(matches(R"({"key":"missing","cmp":"lt","val":"1"})", {}));
}

TEST_F(Filter, CombinesNodes) {
  Tags football{{"sport", "football"}, {"live", "1"}};
  const char* either =
      R"({"op":"or","nodes":[{"key":"sport","cmp":"eq","val":"tennis"},{"key":"live","cmp":"ex"}]})";
  const char* both =
      R"({"op":"and","nodes":[{"key":"sport","cmp":"eq","val":"football"},{"op":"not","nodes":[{"key":"live","cmp":"ex"}]}]})";
  EXPECT_TRUE(matches(either, football));
  EXPECT_FALSE(matches(either, {{"sport", "golf"}}));
  EXPECT_FALSE(matches(both, football));
  EXPECT_TRUE(matches(both, {{"sport", "football"}}));
  EXPECT_TRUE(matches(R"({"op":"and","nodes":[{"key":"live","cmp":"ex"}]})", football));
}

TEST_F(Filter, RefusesWhatBreaksARule) {
  for (const char* filter : {"{}",
                             R"({"key":"a","cmp":"like","val":"b"})",
                             R"({"key":"a","cmp":"EQ","val":"b"})",
                             R"({"key":"a","val":"b"})",
                             R"({"cmp":"eq","val":"b"})",
                             R"({"cmp":"in","vals":["b"]})",
                             R"({"key":"a","cmp":"eq"})",
                             R"({"key":"a","cmp":"gt","val":""})",
                             R"({"key":"a","cmp":"eq","val":"b","vals":["x"]})",
                             R"({"key":"a","cmp":"in"})",
                             R"({"key":"a","cmp":"in","vals":[]})",
                             R"({"key":"a","cmp":"in","val":"x"})",
                             R"({"key":"a","cmp":"nin","val":"x","vals":["x"]})",
                             R"({"key":"a","cmp":"ex","val":"x"})",
                             R"({"key":"a","cmp":"nex","vals":["x"]})",
                             R"({"op":"xor","nodes":[{"key":"a","cmp":"ex"}]})",
                             R"({"op":"AND","nodes":[{"key":"a","cmp":"ex"}]})",
                             R"({"op":"and"})",
                             R"({"op":"or","nodes":[]})",
                             R"({"op":"not"})",
                             R"({"op":"not","nodes":[{"key":"a","cmp":"ex"},{"key":"b","cmp":"ex"}]})",
                             R"({"op":"and","nodes":[{"key":"a","cmp":"ex"},{}]})",
                             R"({"op":"and","nodes":[null]})"}) {
    EXPECT_EQ(compile(filter), nullptr) << filter;
  }
}

TEST_F(Filter, AcceptsWhatIsOnlyOdd) {
  EXPECT_NE(compile(R"({"key":"a","cmp":"gt","val":"many"})"), nullptr);
  EXPECT_NE(compile(R"({"key":"a","cmp":"eq","val":"b","nodes":[{"cmp":"nonsense"}]})"), nullptr);
  EXPECT_NE(compile(R"({"cmp":"ex"})"), nullptr);
}

TEST_F(Filter, SaysWhatIsWrong) {
  auto compiled = CompiledFilter::compile(FilterNode{.key = "a", .cmp = "eq"});
  EXPECT_EQ(compiled.error().message, "filter: eq needs val");
}

TEST_F(Filter, DepthIsBounded) {
  FilterNode node{.key = "a", .cmp = "ex"};
  std::vector<FilterNode> nodes(200, node);
  for (std::size_t i = 1; i < nodes.size(); ++i) nodes[i] = {.op = "not", .nodes = {&nodes[i - 1], 1}};
  EXPECT_TRUE(CompiledFilter::compile(nodes[90]));
  EXPECT_FALSE(CompiledFilter::compile(nodes[150]));
}

TEST_F(Filter, EqualFiltersAreEqual) {
  auto a = compile(R"({"key":"a","cmp":"in","vals":["x","y"]})");
  auto b = compile(R"({"vals":["x","y"], "cmp":"in", "KEY":"a"})");
  auto c = compile(R"({"key":"a","cmp":"in","vals":["xy"]})");
  EXPECT_EQ(*a, *b);
  EXPECT_EQ(a->hash(), b->hash());
  EXPECT_FALSE(*a == *c);
}

TEST_F(Filter, OutlivesItsRequest) {
  std::unique_ptr<CompiledFilter> filter;
  {
    std::string json = R"({"key":"city","cmp":"in","vals":["London","Lyon"]})";
    filter = compile(json);
    std::fill(json.begin(), json.end(), 'x');
    arena_.reset();
    arena_.copy(std::string(1000, 'y'));
  }
  EXPECT_TRUE(filter->matches(Tags{{"city", "Lyon"}}));
}

/// The rules once more, straight over the message, with integers only.
bool expected(const FilterNode& node, const Tags& tags) {
  auto holds = [&](const FilterNode& child) { return expected(child, tags); };
  if (node.op == "and") return std::all_of(node.nodes.begin(), node.nodes.end(), holds);
  if (node.op == "or") return std::any_of(node.nodes.begin(), node.nodes.end(), holds);
  if (node.op == "not") return !holds(node.nodes[0]);
  auto tag = std::find_if(tags.begin(), tags.end(), [&](const Tag& t) { return t.first == node.key; });
  bool exists = tag != tags.end();
  if (node.cmp == "ex") return exists;
  if (node.cmp == "neq") return !exists || tag->second != node.val;
  if (node.cmp == "lt") return exists && std::stoi(tag->second) < std::stoi(std::string(node.val));
  return exists && tag->second == node.val;
}

class RandomFilter {
 public:
  RandomFilter(unsigned seed, codec::Arena& arena) : random_(seed), arena_(arena) {}

  FilterNode node(int depth) {
    static constexpr std::string_view kOps[] = {"and", "or", "not"};
    static constexpr std::string_view kCmps[] = {"eq", "neq", "lt", "ex"};
    if (depth == 0 || random_() % 4 == 0) {
      std::string_view cmp = kCmps[random_() % 4];
      return {.key = text("abc", 1), .cmp = cmp, .val = cmp == "ex" ? "" : text("0123456789", 2)};
    }
    std::string_view op = kOps[random_() % 3];
    std::size_t count = op == "not" ? 1 : 1 + random_() % 3;
    auto* nodes = static_cast<FilterNode*>(arena_.allocate(count * sizeof(FilterNode), alignof(FilterNode)));
    for (std::size_t i = 0; i < count; ++i) nodes[i] = node(depth - 1);
    return {.op = op, .nodes = {nodes, count}};
  }

  Tags tags() {
    Tags out;
    for (std::string_view key : {"a", "b", "c"}) {
      if (random_() % 2) out.emplace_back(key, text("0123456789", 2));
    }
    return out;
  }

 private:
  std::string_view text(std::string_view alphabet, std::size_t size) {
    std::string out;
    while (out.size() < size) out += alphabet[random_() % alphabet.size()];
    return arena_.copy(out);
  }

  std::mt19937 random_;
  codec::Arena& arena_;
};

TEST_F(Filter, AgreesWithAStraightforwardEvaluator) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    arena_.reset();
    RandomFilter random(seed, arena_);
    FilterNode node = random.node(4);
    auto compiled = CompiledFilter::compile(node);
    ASSERT_TRUE(compiled) << compiled.error().message;
    for (int i = 0; i < 5; ++i) {
      Tags tags = random.tags();
      ASSERT_EQ((*compiled)->matches(tags), expected(node, tags)) << seed;
    }
  }
}

}  // namespace
}  // namespace whirl::protocol
