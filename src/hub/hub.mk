# The Hub cache on disk, shared by the programs.
