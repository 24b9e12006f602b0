//! The longest common subsequence of two lists of texts.

/// Up to this many comparisons a table is made; beyond it the shortest script is sought.
const MOST: usize = 250_000;

/// The longest script that is sought.
const LONGEST: isize = 1500;

/// The longest common subsequence as pairs of indexes.
pub(super) fn common(left: &[String], right: &[String]) -> Vec<(usize, usize)> {
    let start = left.iter().zip(right).take_while(|(one, two)| one == two).count();
    let (a, b) = (left.get(start..).unwrap_or_default(), right.get(start..).unwrap_or_default());
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(one, two)| one == two).count();
    let (a, b) = (a.get(..a.len() - end).unwrap_or_default(), b.get(..b.len() - end).unwrap_or_default());
    let mut pairs: Vec<(usize, usize)> = (0..start).map(|at| (at, at)).collect();
    let small = a.len().saturating_mul(b.len()) <= MOST;
    let between = if small { table(a, b) } else { shortest(a, b).unwrap_or_default() };
    pairs.extend(between.into_iter().map(|(one, two)| (one + start, two + start)));
    pairs.extend((0..end).rev().map(|back| (left.len() - 1 - back, right.len() - 1 - back)));
    pairs
}

fn table(a: &[String], b: &[String]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    let mut cells = vec![0_u32; (a.len() + 1) * width];
    let cell = |cells: &[u32], i: usize, j: usize| cells.get(i * width + j).copied().unwrap_or_default();
    for (i, one) in a.iter().enumerate().rev() {
        for (j, two) in b.iter().enumerate().rev() {
            let value = if one == two {
                cell(&cells, i + 1, j + 1) + 1
            } else {
                cell(&cells, i + 1, j).max(cell(&cells, i, j + 1))
            };
            if let Some(slot) = cells.get_mut(i * width + j) {
                *slot = value;
            }
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while let (Some(one), Some(two)) = (a.get(i), b.get(j)) {
        if one == two {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if cell(&cells, i + 1, j) >= cell(&cells, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// The pairs that the shortest script of removals and additions keeps; nothing when that script is too long.
fn shortest(a: &[String], b: &[String]) -> Option<Vec<(usize, usize)>> {
    let (n, m) = (isize::try_from(a.len()).ok()?, isize::try_from(b.len()).ok()?);
    let equal = |x: isize, y: isize| {
        let one = usize::try_from(x).ok().and_then(|x| a.get(x));
        one.is_some() && one == usize::try_from(y).ok().and_then(|y| b.get(y))
    };
    // How far each diagonal reaches, before every round.
    let mut rounds: Vec<Vec<isize>> = Vec::new();
    let mut reach = vec![0_isize; usize::try_from(2 * LONGEST + 3).ok()?];
    for round in 0..=LONGEST {
        let low = usize::try_from(LONGEST + 1 - round - 1).ok()?;
        let high = usize::try_from(LONGEST + 1 + round + 1).ok()?;
        rounds.push(reach.get(low..=high)?.to_vec());
        for diagonal in (-round..=round).step_by(2) {
            let get = |diagonal: isize| slot(&reach, LONGEST + 1 + diagonal);
            let down = diagonal == -round || diagonal != round && get(diagonal - 1) < get(diagonal + 1);
            let mut x = if down { get(diagonal + 1) } else { get(diagonal - 1) + 1 };
            while equal(x, x - diagonal) {
                x += 1;
            }
            *reach.get_mut(usize::try_from(LONGEST + 1 + diagonal).ok()?)? = x;
            if x >= n && x - diagonal >= m {
                return Some(back(&rounds, n, m));
            }
        }
    }
    None
}

fn slot(list: &[isize], at: isize) -> isize {
    usize::try_from(at).ok().and_then(|at| list.get(at)).copied().unwrap_or_default()
}

/// Follows the rounds back from the end.
fn back(rounds: &[Vec<isize>], mut x: isize, mut y: isize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut keep = |x: isize, y: isize| {
        if let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) {
            pairs.push((x, y));
        }
    };
    for (round, reach) in rounds.iter().enumerate().rev() {
        let round = isize::try_from(round).unwrap_or_default();
        let diagonal = x - y;
        // The first slot of a saved round is the diagonal before its lowest.
        let get = |diagonal: isize| slot(reach, diagonal + round + 1);
        let down = diagonal == -round || diagonal != round && get(diagonal - 1) < get(diagonal + 1);
        let before = if down { diagonal + 1 } else { diagonal - 1 };
        let (to_x, to_y) = if round == 0 { (0, 0) } else { (get(before), get(before) - before) };
        while x > to_x && y > to_y {
            (x, y) = (x - 1, y - 1);
            keep(x, y);
        }
        (x, y) = (to_x, to_y);
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_ways_keep_as_many(left in "[abc]{0,30}", right in "[abc]{0,30}") {
            let list = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
            let (left, right) = (list(&left), list(&right));
            let pairs = shortest(&left, &right).unwrap();
            prop_assert_eq!(pairs.len(), table(&left, &right).len());
            for (one, two) in &pairs {
                prop_assert_eq!(&left[*one], &right[*two]);
            }
            prop_assert!(pairs.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
        }
    }
}
