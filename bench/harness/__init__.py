"""How `./bench/run` measures: machine (clocks and memory), targets (what is measured), scenarios (how), report."""
