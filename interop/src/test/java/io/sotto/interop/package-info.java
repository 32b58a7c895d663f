/// Other people's MQTT clients against a running broker process.
@NullMarked
package io.sotto.interop;

import org.jspecify.annotations.NullMarked;
