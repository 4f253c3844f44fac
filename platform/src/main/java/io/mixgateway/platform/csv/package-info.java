/// Tables as CSV, for people to open in a spreadsheet. Start at {@link io.mixgateway.platform.csv.Csv}.
///
/// Always: a cell with text from outside never becomes a formula; numbers stay numbers. Not here: what is exported.
@org.jspecify.annotations.NullMarked
package io.mixgateway.platform.csv;
