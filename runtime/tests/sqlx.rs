//! The same generated code on `sqlx`.

#[allow(dead_code, unreachable_pub)]
#[path = "rows/schema.rs"]
mod schema;

use conformance::server::{Database, Server};
use migrations::{apply, plan, render};
use pilaster::sqlx::Rows;
use pilaster::sqlx::sqlx::PgPool;
use pilaster::sqlx::sqlx::postgres::PgPoolOptions;
use pilaster::{Error, Health, In, Row, Stateful, Transactions, query};
use schema::draft_states::{Approved, Pending};
use schema::*;

fn database() -> Database {
    let mut sources = model::Sources::new();
    sources.add("rows.pilaster", include_str!("rows/rows.pilaster"));
    let (model, _) = model::load(&sources);
    let database = Server::shared().database().expect("a database");
    let mut client = database.connect().expect("a connection");
    // Roles belong to the server, and other tests may be making it.
    let role = "DO $$ BEGIN CREATE ROLE rows_support NOLOGIN; \
                EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$";
    client.batch_execute(role).expect("a role");
    let empty = model::Schema::default();
    let plan = plan::plan(&empty, &model.schema, &plan::Options::default()).expect("a plan");
    apply::script(&mut client, &render::script(&plan)).expect("the model");
    database
}

/// Runs the work with a pool. It may be moved from thread to thread, as servers do it.
fn with_pool<F: Future<Output = ()> + Send + 'static>(work: impl FnOnce(PgPool) -> F) {
    let database = database();
    let runtime = ::tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let pool = PgPoolOptions::new().max_connections(4);
        let pool = pool.connect(&database.url().expose()).await;
        let pool = pool.expect("a connection");
        let work = ::tokio::spawn(work(pool.clone()));
        let within = std::time::Duration::from_secs(60);
        ::tokio::time::timeout(within, work)
            .await
            .expect("an end")
            .expect("the work");
        pool.close().await;
    });
}

fn new_deal(owner: &Person, title: &str, team_size: i32) -> NewDeal {
    NewDeal::new(owner.id, title.into(), team_size, Requirements::default())
}

#[test]
fn rows_requests_and_refusals_are_the_same() {
    with_pool(|client| async move {
        let ada = NewPerson::new("ada@example.com".into());
        let ada = client.upsert(&ada, Person::BY_EMAIL).await.unwrap();
        let same = client.find_by(Person::BY_EMAIL, &ada.email).await.unwrap();
        assert_eq!(same.as_ref(), Some(&ada));
        let deals: Vec<NewDeal> = (1..=5).map(|n| new_deal(&ada, &n.to_string(), n)).collect();
        let deals = client.insert_many(&deals).await.unwrap();
        let refused = client.insert(&new_deal(&ada, "x", 0)).await.unwrap_err();
        assert!(matches!(refused, DealError::TeamSizePositive(_)));

        let large = Deal::filter(Deal::TEAM_SIZE.gt(2)).order_by(Deal::TEAM_SIZE.desc());
        assert_eq!(client.count(&large).await.unwrap(), 3);
        assert_eq!(client.all(&large).await.unwrap()[0].team_size, 5);
        assert_eq!(client.first(&large).await.unwrap().unwrap().title, "5");
        let page = client.page(&large, 2, None).await.unwrap();
        let rest = client.page(&large, 2, page.next.as_ref()).await.unwrap();
        assert_eq!((page.rows.len(), rest.rows.len(), rest.next), (2, 1, None));

        let patch = DealPatch {
            notes: Some(Some("called".into())),
            ..DealPatch::default()
        };
        let patched = client.update(&patch, &deals[0].id).await.unwrap().unwrap();
        assert_eq!(patched.notes.as_deref(), Some("called"));
        let unchanged = client.update(&DealPatch::default(), &deals[0].id).await;
        assert_eq!(unchanged.unwrap(), Some(patched));
        let closed = client.update_all(&large, [Deal::STAGE.set(DealStage::Closed)]);
        assert_eq!(closed.await.unwrap().len(), 3);

        let mail = NewEmail::new(deals[1].id, "hello".into());
        let mail = client.insert(&mail).await.unwrap();
        let children = client.children(Deal::EMAILS, &deals).await.unwrap();
        assert_eq!(children[1], [mail.clone()]);
        let parents = client.parents(Email::DEAL, &[mail]).await.unwrap();
        assert_eq!(parents[&deals[1].id].title, "2");
        let refused = client.delete::<Deal>(&deals[1].id).await.unwrap_err();
        assert!(matches!(refused, DealError::EmailsDealIdFkey(_)));
        assert!(client.delete::<Deal>(&deals[0].id).await.unwrap());
        assert_eq!(client.find::<Deal>(&deals[0].id).await.unwrap(), None);
        assert_eq!(client.delete_all(&large).await.unwrap(), 3);
    });
}

#[test]
fn states_are_the_same() {
    with_pool(|client| async move {
        let ada = NewPerson::new("ada@example.com".into());
        let ada = client.insert(&ada).await.unwrap();
        let deal = client.insert(&new_deal(&ada, "a", 1)).await.unwrap();
        let draft = NewDraft::new(DraftId(1), deal.id);
        let draft = client.insert(&draft).await.unwrap();
        let draft: In<Draft, Pending> = draft.into_state().unwrap();
        let signed = DraftPatch {
            approved_by: Some(Some("Kim".into())),
            ..DraftPatch::default()
        };
        let approved: In<Draft, Approved> = client.step(draft.clone(), &signed).await.unwrap();
        assert_eq!(approved.status, DraftStatus::Approved);
        let late = client.step::<_, _, Approved>(draft, &signed).await;
        assert!(matches!(late, Err(DraftError::Other(Error::Stale { .. }))));
    });
}

#[test]
fn a_transaction_is_a_client_as_well() {
    with_pool(|client| async move {
        let ada = NewPerson::new("ada@example.com".into());
        let mut transaction = client.begin().await.unwrap();
        transaction.insert(&ada).await.unwrap();
        let refused = transaction.insert(&ada).await.unwrap_err();
        assert!(matches!(refused, PersonError::EmailKey(_)));
        transaction.rollback().await.unwrap();
        assert_eq!(client.count(&Person::query()).await.unwrap(), 0);
    });
}

#[test]
fn many_rows_are_copied_and_versions_are_kept() {
    with_pool(|client| async move {
        let ada = NewPerson::new("ada@example.com".into());
        let ada = client.insert(&ada).await.unwrap();
        let again = NewPerson::new("ada@example.com".into());
        let there = client.insert_unless_there(&again, Person::BY_EMAIL).await;
        assert_eq!(there.unwrap(), None);
        let mut deals: Vec<NewDeal> = (1..=2_000)
            .map(|n| new_deal(&ada, &n.to_string(), n))
            .collect();
        deals[7].notes = Some("seen".into());
        assert_eq!(client.copy(&deals).await.unwrap(), 2_000);
        let seen = Deal::filter(Deal::NOTES.is_not_null());
        let deal = client.first(&seen).await.unwrap().unwrap();
        assert_eq!((deal.title.as_str(), deal.team_size), ("8", 8));
        let refused = client.copy(&[new_deal(&ada, "0", 0)]).await.unwrap_err();
        assert!(matches!(refused, DealError::TeamSizePositive(_)));

        let read = client
            .find_version::<Deal>(&deal.id)
            .await
            .unwrap()
            .unwrap();
        let patch = DealPatch {
            rating: Some(Some(5)),
            ..DealPatch::default()
        };
        let rated = client
            .update_version(&patch, &deal.id, read.version())
            .await;
        assert_eq!(rated.unwrap().rating, Some(5));
        let late = client
            .update_version(&patch, &deal.id, read.version())
            .await;
        assert!(matches!(late, Err(DealError::Other(Error::Stale { .. }))));
    });
}

#[test]
fn statements_of_ones_own_are_the_same() {
    with_pool(|client| async move {
        let ada = NewPerson::new("ada@example.com".into());
        let ada = client.insert(&ada).await.unwrap();
        client.insert(&new_deal(&ada, "a", 3)).await.unwrap();
        let title = String::from("a");
        let sizes = query!("select team_size from deals where title = $1", &title);
        assert_eq!(sizes.one_sqlx(&client).await.unwrap().team_size, 3);
        assert_eq!(sizes.all_sqlx(&client).await.unwrap().len(), 1);
        let gone = query!("delete from deals where id = $1", DealId(-1));
        assert_eq!(gone.run_sqlx(&client).await.unwrap(), 0);
        assert!(sizes.first_sqlx(&client).await.unwrap().is_some());
    });
}

/// Transactions run again after a deadlock.
#[test]
fn transactions_run_again() {
    with_pool(|pool| async move {
        let ada = NewPerson::new("ada@example.com".into());
        let ada = pool.insert(&ada).await.unwrap();
        let two = [new_deal(&ada, "a", 1), new_deal(&ada, "b", 2)];
        let two = pool.insert_many(&two).await.unwrap();
        let barrier = std::sync::Arc::new(::tokio::sync::Barrier::new(2));
        let (a, b) = (two[0].id, two[1].id);
        let run = |first: DealId, second: DealId| {
            let (pool, barrier) = (pool.clone(), barrier.clone());
            ::tokio::spawn(async move {
                let mut connection = pool.acquire().await.unwrap();
                let mut tries = 0;
                let outcome = Transactions::serializable().run_sqlx(&mut connection, |t| {
                    tries += 1;
                    let (is_first, barrier) = (tries == 1, barrier.clone());
                    Box::pin(async move {
                        for (at, id) in [first, second].into_iter().enumerate() {
                            let deal = Deal::filter(Deal::ID.eq(id));
                            t.update_all(&deal, [Deal::RATING.set(5)]).await?;
                            if at == 0 && is_first {
                                barrier.wait().await;
                            }
                        }
                        Ok::<_, Retried>(())
                    })
                });
                outcome.await.unwrap();
                tries
            })
        };
        let (one, other) = (run(a, b), run(b, a));
        let tries = one.await.unwrap() + other.await.unwrap();
        assert!(tries >= 3, "one of them ran again");

        let health = Health::check_sqlx(&pool).await.unwrap();
        assert!(health.connections >= 2 && !health.read_only);
        let rated = Deal::filter(Deal::RATING.is_not_null());
        assert_eq!(pool.count(&rated).await.unwrap(), 2);
    });
}

/// An error of the work rolls back, whether it is ours or `sqlx`'s own, and leaves the connection
/// as it was.
#[test]
fn an_error_rolls_back() {
    with_pool(|pool| async move {
        let mut connection = pool.acquire().await.unwrap();
        let outcome = Transactions::new().run_sqlx(&mut connection, |t| {
            Box::pin(async move {
                t.insert(&NewPerson::new("ada@example.com".into())).await?;
                let wrong = pilaster::sqlx::sqlx::query("select 1 / 0");
                wrong.execute(&mut **t).await?;
                Ok::<_, Retried>(())
            })
        });
        let refused = outcome.await.unwrap_err();
        assert!(
            refused.to_string().contains("division by zero"),
            "{refused}"
        );
        assert_eq!(connection.count(&Person::query()).await.unwrap(), 0);
        let refused = query!("delete from people where email = $1", "nobody");
        assert_eq!(refused.run_sqlx(&mut *connection).await.unwrap(), 0);
    });
}

/// What the server says is told apart by the same names, and a value that does not fit is named by
/// its column.
#[test]
fn errors_say_the_same() {
    with_pool(|pool| async move {
        let ada = NewPerson::new("ada@example.com".into());
        let ada = pool.insert(&ada).await.unwrap();
        let refused = pool.insert(&new_deal(&ada, "x", 0)).await.unwrap_err();
        let refused = Error::from(refused);
        assert_eq!(refused.constraint(), Some("deals_team_size_positive"));
        assert_eq!(refused.schema(), Some("public"));
        assert_eq!(refused.table(), Some("deals"));
        assert_eq!(refused.class(), Some("23"));
        assert!(refused.database().is_none() && !refused.is_retryable());
        let Error::Sqlx(failure) = &refused else {
            panic!("{refused:?}");
        };
        assert_eq!(failure.database().unwrap().code(), "23514");

        pool.insert(&new_deal(&ada, "a", 1)).await.unwrap();
        let widened = "alter table deals alter team_size type bigint";
        let widened = pilaster::sqlx::sqlx::query(widened);
        widened.execute(&pool).await.unwrap();
        let wrong = pool.first(&Deal::query().limit(2)).await.unwrap_err();
        assert!(
            matches!(
                wrong,
                Error::Column {
                    column: "team_size",
                    ..
                }
            ),
            "{wrong:?}"
        );
    });
}

type Retried = Box<dyn std::error::Error + Send + Sync>;
