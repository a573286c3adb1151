//! Doc comments: whose they are, and which are nobody's.

use super::{Parser, fault};

impl<'a> Parser<'a> {
    /// The `///` lines above the statement that begins here.
    pub(crate) fn docs(&mut self) -> Option<String> {
        let to = self.tokens[self.at].comments as usize;
        let from = match self.at.checked_sub(1) {
            Some(before) => self.tokens[before].comments as usize,
            None => 0,
        };
        if from == to {
            return None;
        }
        self.report_docs_up_to(from);
        self.documented = self.documented.max(to);
        let mut docs: Option<String> = None;
        for index in from..to {
            let comment = self.comments[index];
            if !comment.doc {
                continue;
            }
            if !self.is_first_on_line(comment.span.start) {
                self.report(fault::doc_without_object(self.file, comment.span));
                continue;
            }
            let line = &comment.span.of(self.text)[3..];
            let line = line.strip_prefix(' ').unwrap_or(line);
            match &mut docs {
                Some(docs) => {
                    docs.push('\n');
                    docs.push_str(line);
                }
                None => docs = Some(line.to_owned()),
            }
        }
        docs
    }

    fn is_first_on_line(&self, start: u32) -> bool {
        let before = &self.text[..start as usize];
        before
            .bytes()
            .rev()
            .take_while(|b| *b != b'\n')
            .all(|b| b.is_ascii_whitespace())
    }

    /// Reports the doc comments before comment number `to` that nobody took.
    pub(crate) fn report_docs_up_to(&mut self, to: usize) {
        while self.documented < to {
            let comment = self.comments[self.documented];
            if comment.doc {
                self.report(fault::doc_without_object(self.file, comment.span));
            }
            self.documented += 1;
        }
    }
}
