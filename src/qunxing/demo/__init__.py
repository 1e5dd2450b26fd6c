"""The demonstration community: public facts with their sources, and a made-up community around them, marked 演示."""
