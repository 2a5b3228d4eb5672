// The figures, their goals and how each is measured. `args` go to whirl-load against the server, `floor` (if given) to
// whirl-load against the floor in the same round; `base` is another row of the server to divide by. Those with a `way` hold
// idle clients of their own (lib/idle.mjs).
import { ways } from './lib/idle.mjs';

const KB = 1024;

export const rows = [
  { name: 'memory: connection, idle', args: 'idle --clients {many} --channels 500', figure: 'bytes_per_connection', goal: 0.8 * KB, unit: 'B' },
  { name: 'memory: with one subscription', args: 'idle --clients {many} --channels 500', figure: 'bytes_with_one_subscription', goal: 1.1 * KB, unit: 'B' },
  { name: 'memory: each further subscription', args: 'idle --clients {many} --channels 500', figure: 'bytes_per_further_subscription', goal: 0.2 * KB, unit: 'B' },
  { name: 'memory: server without connections', args: 'idle --clients {many} --channels 500', figure: 'resident_empty_bytes', goal: 15 * KB * KB, unit: 'B' },
  ...ways.map((way) => ({ name: `memory: idle, ${way.name}`, way, figure: 'bytes', goal: way.most, unit: 'B' })),
  { name: 'fan-out 1 × 1,000, one at a time', args: 'fanout --clients 1000 --messages {m200}', floor: 'same', figure: 'cpu_ns_per_delivery', goal: 1.1 },
  { name: 'fan-out 1 × 10,000, one at a time', args: 'fanout --clients {many} --messages {m40}', floor: 'same', figure: 'cpu_ns_per_delivery', goal: 1.1 },
  { name: 'fan-out in bursts of 100, 1,000 subscribers', args: 'burst --clients 1000 --batch 100 --messages {m1000}', floor: 'fanout --clients 1000 --messages {m200}', figure: 'cpu_ns_per_delivery', goal: 0.15 },
  { name: '1,000 channels × 10, fixed rate, API included', args: 'rate --clients {many} --channels {kchan} --rate 500 --seconds {s5}', floor: 'fanout --clients 1000 --messages {m200}', figure: 'cpu_ns_per_delivery', goal: 2.0 },
  { name: 'history and recovery on', args: 'fanout --clients 1000 --messages {m200} --channel-prefix history:', base: 'fan-out 1 × 1,000, one at a time', figure: 'cpu_ns_per_delivery', goal: 1.1 },
  { name: 'tags filter on', args: `fanout --clients 1000 --messages {m200} --channel-prefix tags: --subscribe-extra "tf":{"key":"k","cmp":"eq","val":"v"} --publish-extra "tags":{"k":"v"}`, base: 'fan-out 1 × 1,000, one at a time', figure: 'cpu_ns_per_delivery', goal: 1.15 },
  { name: 'delta on', args: 'fanout --clients 1000 --messages {m200} --channel-prefix delta: --by-offset --subscribe-extra "delta":"fossil"', base: 'fan-out 1 × 1,000, one at a time', figure: 'cpu_ns_per_delivery', goal: 1.6 },
  { name: 'fan-out, Protobuf', args: 'fanout --clients 1000 --messages {m200} --protobuf', floor: 'fanout --clients 1000 --messages {m200}', figure: 'cpu_ns_per_delivery', goal: 1.1 },
  { name: 'storm: connect, token, two subscriptions', args: 'storm --clients {many} --channels 500 --secret bench-secret', floor: 'upgrade --clients {many}', figure: 'cpu_ns_per_connection', goal: 3.0 },
  { name: 'API publish, keep-alive', args: 'publish --messages {m5000}', floor: 'same', figure: 'cpu_ns_per_publication', goal: 1.5 },
  { name: 'API publish, batches of 100, each', args: 'publish --messages {m200} --batch 100', floor: 'publish --messages {m5000}', figure: 'cpu_ns_per_publication', goal: 0.1 },
  { name: 'client publish to its own channel', args: 'clientpub --clients 50 --messages {m200}', floor: 'same', figure: 'cpu_ns_per_round_trip', goal: 1.4 },
  { name: 'idle connections with pings', args: 'pings --clients {many} --seconds {s5}', floor: 'same', figure: 'cpu_ns_per_second_and_connection', goal: 1.3, pings: true },
  { name: 'latency p99 at a moderate rate', args: 'rate --clients {many} --rate 5 --seconds {s5}', floor: 'same', figure: 'latency_p99_us', goal: 5 },
  { name: 'growth: cost per delivery, 100 to 15,000', args: 'fanout --clients {most} --messages {m40}', baseArgs: 'fanout --clients 100 --messages {m1000}', figure: 'cpu_ns_per_delivery', goal: 1.25 },
];

/** How large each scale is. */
export const scales = {
  tiny: { rounds: 1, idle: 50, many: 200, most: 300, kchan: 20, m40: 2, m200: 5, m1000: 100, m5000: 50, s5: 1 },
  quick: { rounds: 3, idle: 500, many: 5000, most: 15000, kchan: 500, m40: 10, m200: 50, m1000: 500, m5000: 2000, s5: 3 },
  full: { rounds: 5, idle: 1000, many: 10000, most: 15000, kchan: 1000, m40: 40, m200: 200, m1000: 2000, m5000: 5000, s5: 5 },
};
