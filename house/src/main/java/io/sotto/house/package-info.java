/// The rules of the house as tests: who may import whom, what the core must not touch, how large a
/// thing may grow, what it may be called. Each rule is proven here on a seeded breach.
@NullMarked
package io.sotto.house;

import org.jspecify.annotations.NullMarked;
