//! Proc macros for rows, changes, enums and JSONB types.
