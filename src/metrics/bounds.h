#pragma once

namespace whirl::metrics {

/// Upper bounds of histograms in seconds, finer the shorter the thing measured usually is.
inline constexpr double kSecondsFromMicro[] = {0.000001, 0.000005, 0.00001, 0.00005, 0.0001, 0.00025, 0.0005,
                                               0.001,    0.005,    0.01,    0.025,   0.05,   0.1,     0.25,
                                               0.5,      1,        2.5,     5,       10};
inline constexpr double kSecondsFromMilli[] = {0.001, 0.005, 0.01, 0.025, 0.05, 0.1,
                                               0.25,  0.5,   1,    2.5,   5,    10};
inline constexpr double kSecondsFromFiveMilli[] = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
inline constexpr double kSecondsOfLag[] = {0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10};

}  // namespace whirl::metrics
