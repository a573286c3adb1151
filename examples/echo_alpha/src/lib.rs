//! Echo Alpha: deals, spaces, mails and drafts, on one model file.
