//! The same generated code on `sqlx`.

#[path = "rows/asynchronous.rs"]
mod asynchronous;
#[path = "persona/cases.rs"]
mod cases;
#[path = "rows/database.rs"]
mod database;
#[path = "persona/sqlx.rs"]
mod door;
#[path = "persona/asynchronous.rs"]
mod personas;
#[allow(dead_code, unreachable_pub)]
#[path = "rows/schema.rs"]
mod schema;

use asynchronous::new_deal;
use database::database;
use door::Door;

use pilaster::sqlx::Rows;
use pilaster::sqlx::sqlx::PgPool;
use pilaster::sqlx::sqlx::postgres::PgPoolOptions;
use pilaster::{CleanUp, Error, Health, Row, Transactions, query};
use schema::*;

/// Runs the work with a pool. It may be moved from thread to thread, as servers do it.
fn with_client<F: Future<Output = ()> + Send + 'static>(work: impl FnOnce(PgPool) -> F) {
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

#[test]
fn a_transaction_is_a_client_as_well() {
    with_client(|client| async move {
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
fn statements_of_ones_own_are_the_same() {
    with_client(|client| async move {
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
    with_client(|pool| async move {
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
    with_client(|pool| async move {
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
    with_client(|pool| async move {
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

/// The part that is refused keeps the others from taking anything.
#[test]
fn a_clean_up_takes_what_is_old_or_nothing() {
    const OLD: &str = "UPDATE notes SET deleted_at = now() - interval '31 days'";
    with_client(|client| async move {
        let ada = NewPerson::new("ada@example.com".into());
        let ada = client.insert(&ada).await.unwrap();
        let deals = [new_deal(&ada, "a", 1), new_deal(&ada, "b", 9)];
        let deals = client.insert_many(&deals).await.unwrap();
        let note = NewNote::new(ada.id, "old".into());
        client.insert(&note).await.unwrap();
        pilaster::sqlx::sqlx::raw_sql(OLD)
            .execute(&client)
            .await
            .unwrap();
        let email = NewEmail::new(deals[0].id, "needs its deal".into());
        client.insert(&email).await.unwrap();
        let mut connection = client.acquire().await.unwrap();

        let purge = CleanUp::new().purge(Note::query(), 30);
        let refused = purge.clone().delete(Deal::query());
        let refused = refused.run_sqlx(&mut connection).await.unwrap_err();
        assert_eq!(refused.class(), Some("23"));
        assert_eq!(
            client.count(&Note::query().only_deleted()).await.unwrap(),
            1
        );

        let cleaned = purge.delete(Deal::filter(Deal::TEAM_SIZE.gt(3)));
        let cleaned = cleaned.run_sqlx(&mut connection).await.unwrap();
        assert_eq!(cleaned.tables, [("notes", 1), ("deals", 1)]);
        assert_eq!(
            client.count(&Note::query().only_deleted()).await.unwrap(),
            0
        );
        assert_eq!(client.count(&Deal::query()).await.unwrap(), 1);
    });
}
