//! The Pilaster language: text to syntax tree to Schema, and back to text.
