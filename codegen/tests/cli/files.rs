//! A model that is more than one file, and what it says beside a change.

use super::{Project, SHOP};

/// Two files of one folder, of which the second refers to the first.
fn folder() -> Project {
    let project = Project::new("");
    std::fs::remove_file(project.path("shop.pilaster")).unwrap();
    project.write("pilaster.toml", "model = 'model'\nrust = 'src/db.rs'\n");
    project.write("model/a_products.pilaster", SHOP);
    let orders = "table orders {\n  id          bigint  identity  primary key\n  \
        product_id  bigint  references products\n}\n";
    project.write("model/b_orders.pilaster", orders);
    project
}

#[test]
fn the_files_of_a_folder_are_one_model() {
    let project = folder();
    let said = project.run(&["generate"]);
    assert!(said.contains("exit 0"), "{said}");
    let up = project.read("migrations/0001_initial/up.sql");
    let place = |table: &str| {
        up.find(&format!("CREATE TABLE public.{table}"))
            .expect("a table")
    };
    assert!(place("products") < place("orders"), "{up}");
    // The order of the files' names is not the order of what they need.
    std::fs::rename(
        project.path("model/b_orders.pilaster"),
        project.path("model/0_orders.pilaster"),
    )
    .unwrap();
    let said = project.run(&["generate", "--check"]);
    assert!(said.contains("exit 0"), "{said}");
}

#[test]
fn a_fault_names_the_file_that_it_is_in() {
    let project = folder();
    let orders = project.read("model/b_orders.pilaster");
    project.write(
        "model/b_orders.pilaster",
        orders.replace("references products", "references product"),
    );
    insta::assert_snapshot!(project.run(&["generate"]));
}

#[test]
fn a_hazard_can_be_allowed_beside_the_change() {
    let project = Project::new(SHOP);
    project.run(&["generate"]);
    let without = SHOP.replace("  name   varchar(80)  unique\n", "");
    project.write("shop.pilaster", &without);
    let refused = project.run(&["generate"]);
    assert!(refused.contains("exit 2"), "{refused}");
    let allowed = without.replace(
        "table products {\n",
        "table products {\n  allow data_loss\n",
    );
    project.write("shop.pilaster", allowed);
    let said = project.run(&["generate"]);
    assert!(said.contains("exit 0"), "{said}");
    assert!(
        project
            .path("migrations")
            .join("0002_drop_products_name")
            .exists(),
        "{said}"
    );
}
