/// What the inner loops of the broker cost: time and allocation per operation, by JMH, and a crowd
/// of connections without a network.
@NullMarked
package io.sotto.kernels;

import org.jspecify.annotations.NullMarked;
