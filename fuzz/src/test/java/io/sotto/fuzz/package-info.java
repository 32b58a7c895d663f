/// Hostile bytes, chosen by what they reach: one class per target, run by Jazzer. See
/// docs/fuzzing.md.
@NullMarked
package io.sotto.fuzz;

import org.jspecify.annotations.NullMarked;
