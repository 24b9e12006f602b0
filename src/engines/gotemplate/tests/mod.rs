//! Templates run as Go runs them: a table of answers recorded from Go, and what Go cannot be asked.
mod hostile;
mod table;
mod world;
