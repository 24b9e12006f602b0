//! Templates run as Go runs them.
