//! The grid of a dashboard: 24 columns, filled line by line.

use crate::component::grafana::model::{Element, GridPos, Panel, Row};

const COLUMNS: u32 = 24;

/// Places rows and panels one below the other, and numbers them.
#[derive(Debug, Default)]
pub struct Layout {
    elements: Vec<Element>,
    next_id: u32,
    y: u32,
}

impl Layout {
    /// A heading with its panels. What a line leaves free its panels share.
    pub fn row(&mut self, title: &str, panels: Vec<Panel>) {
        let id = self.id();
        self.elements.push(Element::Row(Row {
            id,
            kind: "row",
            title: title.to_owned(),
            collapsed: false,
            grid_pos: GridPos {
                h: 1,
                w: COLUMNS,
                x: 0,
                y: self.y,
            },
            panels: Vec::new(),
        }));
        self.y += 1;
        let mut line: Vec<Panel> = Vec::new();
        for panel in panels {
            if width(&line) + panel.grid_pos.w > COLUMNS {
                self.place(std::mem::take(&mut line));
            }
            line.push(panel);
        }
        self.place(line);
    }

    pub fn finish(self) -> Vec<Element> {
        self.elements
    }

    fn place(&mut self, line: Vec<Panel>) {
        let count = line.len() as u32;
        if count == 0 {
            return;
        }
        let free = COLUMNS.saturating_sub(width(&line));
        let height = line.iter().map(|panel| panel.grid_pos.h).max().unwrap_or(0);
        let mut x = 0;
        for (position, mut panel) in (0..).zip(line) {
            let extra = free / count + u32::from(position < free % count);
            let w = panel.grid_pos.w + extra;
            panel.id = self.id();
            panel.grid_pos = GridPos {
                h: height,
                w,
                x,
                y: self.y,
            };
            x += w;
            self.elements.push(Element::Panel(Box::new(panel)));
        }
        self.y += height;
    }

    fn id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }
}

fn width(line: &[Panel]) -> u32 {
    line.iter().map(|panel| panel.grid_pos.w).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::grafana::dashboards::panel::{panel, stat};

    #[test]
    fn lines_are_filled_and_never_overlap() {
        let mut layout = Layout::default();
        layout.row(
            "State",
            vec![stat("a"), stat("b"), stat("c"), stat("d"), stat("e")],
        );
        layout.row("Rest", vec![panel("f"), panel("g"), panel("h"), panel("i")]);
        let places: Vec<(u32, u32, u32, u32)> = layout
            .finish()
            .iter()
            .map(|element| match element {
                Element::Row(row) => row.grid_pos,
                Element::Panel(panel) => panel.grid_pos,
            })
            .map(|at| (at.x, at.y, at.w, at.h))
            .collect();
        assert_eq!(
            places,
            [
                (0, 0, 24, 1),
                (0, 1, 5, 4),
                (5, 1, 5, 4),
                (10, 1, 5, 4),
                (15, 1, 5, 4),
                (20, 1, 4, 4),
                (0, 5, 24, 1),
                (0, 6, 8, 8),
                (8, 6, 8, 8),
                (16, 6, 8, 8),
                (0, 14, 24, 8),
            ]
        );
    }
}
