//! Reads of small repositories, compared with what git says of them.
mod fetching;
mod history;
mod objects;
mod sets;
