"""Many files, one result each: found, named, journalled, rendered past bad ones, levelled as an album."""
