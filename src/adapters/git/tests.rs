//! Reads of small repositories, compared with what git says of them.
mod fetching;
mod history;
mod kept_events;
mod objects;
mod sets;
