/// To be mapped.
@org.jspecify.annotations.NullMarked
package io.mixgateway.platform;
