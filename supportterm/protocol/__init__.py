"""The wire, version 1: frames, kinds of events, views, codes, limits and the codec. No I/O."""
