//! What people see, word by word.
use super::sample;
use crate::render::*;

#[test]
fn dump() {
    let style = |width, ascii, color| Style { width, color, ascii, links: false, verbose: 0 };
    let view = DriftView { next: true, ..DriftView::default() };
    for s in [style(80, false, false), style(120, false, false), style(40, true, false)] {
        println!("=== {} {}", s.width, s.ascii);
        println!("{}---", drift_text(&sample::one_pair(), &view, &s));
        println!("{}---", drift_text(&sample::all_pairs(), &view, &s));
        println!("{}---", drift_text(&sample::one_pair(), &DriftView { oneline: true, ..view }, &s));
        println!("{}---", status_text(&sample::matrix(), &s));
        println!("{}---", status_text(&sample::matrix(), &Style { verbose: 1, ..s }));
        println!("{}---", explanation_text(&sample::explanation(), &s));
    }
    println!("{}", drift_md(&sample::all_pairs(), &view));
    println!("{}", status_md(&sample::matrix()));
    println!("{}", explanation_md(&sample::explanation()));
}
