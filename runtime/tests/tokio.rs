//! The same generated code on `tokio-postgres`.

#[path = "rows/asynchronous.rs"]
mod asynchronous;
#[path = "persona/cases.rs"]
mod cases;
#[path = "rows/database.rs"]
mod database;
#[path = "persona/tokio.rs"]
mod door;
#[path = "persona/asynchronous.rs"]
mod personas;
#[path = "rows/pooler.rs"]
mod pooler;
#[allow(dead_code, unreachable_pub)]
#[path = "rows/schema.rs"]
mod schema;

use asynchronous::new_deal;
use database::database;
use door::Door;

use pilaster::tokio::Rows;
use pilaster::tokio_postgres::{Client, NoTls};
use pilaster::{CleanUp, Health, Row, Transactions, query};
use schema::*;

/// Runs the work with a client whose connection is driven beside it. It may be moved from thread to
/// thread, as servers do it.
fn with_client<F: Future<Output = ()> + Send + 'static>(work: impl FnOnce(Client) -> F) {
    let database = database();
    let runtime = ::tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let url = database.url().expose();
        let (client, connection) = pilaster::tokio_postgres::connect(&url, NoTls)
            .await
            .expect("a connection");
        ::tokio::spawn(connection);
        ::tokio::spawn(work(client)).await.expect("the work");
    });
}

#[test]
fn a_transaction_is_a_client_as_well() {
    with_client(|mut client| async move {
        let ada = NewPerson::new("ada@example.com".into());
        let transaction = client.transaction().await.unwrap();
        transaction.insert(&ada).await.unwrap();
        let refused = transaction.insert(&ada).await.unwrap_err();
        assert!(matches!(refused, PersonError::EmailKey(_)));
        transaction.rollback().await.unwrap();
        assert_eq!(client.count(&Person::query()).await.unwrap(), 0);
    });
}

/// What a cached client prepares it keeps, whoever asks, until a migration changes its result.
#[test]
fn a_statement_is_prepared_once() {
    with_client(|client| async move {
        let mut client = pilaster::tokio::Cached::new(client);
        let ada = NewPerson::new("ada@example.com".into());
        let ada = client.insert(&ada).await.unwrap();
        assert_eq!(client.statements(), 1);
        for _ in 0..3 {
            assert!(client.find::<Person>(&ada.id).await.unwrap().is_some());
        }
        assert_eq!(client.statements(), 2);
        let prepared = "SELECT count(*) FROM pg_prepared_statements";
        let row = client.client().query_one(prepared, &[]).await.unwrap();
        // Its own is among them.
        assert_eq!(row.get::<_, i64>(0), 3);

        let changed = "ALTER TABLE people ALTER name TYPE text";
        client.client().batch_execute(changed).await.unwrap();
        assert_eq!(client.find::<Person>(&ada.id).await.unwrap(), Some(ada));
        let again = [NewPerson::new("ada@example.com".into())];
        let refused = client.copy(&again).await;
        assert!(matches!(refused, Err(PersonError::EmailKey(_))));
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
        assert_eq!(sizes.one_async(&client).await.unwrap().team_size, 3);
        assert_eq!(sizes.all_async(&client).await.unwrap().len(), 1);
        let gone = query!("delete from deals where id = $1", DealId(-1));
        assert_eq!(gone.run_async(&client).await.unwrap(), 0);
        assert!(sizes.first_async(&client).await.unwrap().is_some());
    });
}

/// The connections of a pool are clients; their transactions run again after a deadlock.
#[test]
fn a_pool_gives_clients_whose_transactions_run_again() {
    let database = database();
    let runtime = ::tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let config = database.url().expose().parse().expect("an address");
        let manager = deadpool_postgres::Manager::new(config, NoTls);
        let pool = deadpool_postgres::Pool::builder(manager)
            .max_size(4)
            .build();
        let pool = pool.expect("a pool");
        let client = pool.get().await.unwrap();
        let ada = NewPerson::new("ada@example.com".into());
        let ada = (**client).insert(&ada).await.unwrap();
        let two = [new_deal(&ada, "a", 1), new_deal(&ada, "b", 2)];
        let two = (**client).insert_many(&two).await.unwrap();
        drop(client);
        let barrier = std::sync::Arc::new(::tokio::sync::Barrier::new(2));
        let (a, b) = (two[0].id, two[1].id);
        let run = |first: DealId, second: DealId| {
            let (pool, barrier) = (pool.clone(), barrier.clone());
            ::tokio::spawn(async move {
                let mut client = pool.get().await.unwrap();
                let mut tries = 0;
                let outcome = Transactions::new().run_async(&mut client, |t| {
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
        let within = std::time::Duration::from_secs(30);
        let both = async { one.await.unwrap() + other.await.unwrap() };
        let tries = ::tokio::time::timeout(within, both).await.expect("an end");
        assert_eq!(tries, 3, "one of them ran again");

        let client = pool.get().await.unwrap();
        let health = Health::check_async(&**client).await.unwrap();
        assert!(health.connections >= 2 && !health.read_only);
        let rated = Deal::filter(Deal::RATING.is_not_null());
        assert_eq!((**client).count(&rated).await.unwrap(), 2);
    });
}

type Retried = Box<dyn std::error::Error + Send + Sync>;

/// The part that is refused keeps the others from taking anything.
#[test]
fn a_clean_up_takes_what_is_old_or_nothing() {
    const OLD: &str = "UPDATE notes SET deleted_at = now() - interval '31 days'";
    with_client(|mut client| async move {
        let ada = NewPerson::new("ada@example.com".into());
        let ada = client.insert(&ada).await.unwrap();
        let deals = [new_deal(&ada, "a", 1), new_deal(&ada, "b", 9)];
        let deals = client.insert_many(&deals).await.unwrap();
        let note = NewNote::new(ada.id, "old".into());
        client.insert(&note).await.unwrap();
        client.batch_execute(OLD).await.unwrap();
        let email = NewEmail::new(deals[0].id, "needs its deal".into());
        client.insert(&email).await.unwrap();

        let purge = CleanUp::new().purge(Note::query(), 30);
        let refused = purge.clone().delete(Deal::query());
        let refused = refused.run_async(&mut client).await.unwrap_err();
        assert_eq!(refused.class(), Some("23"));
        assert_eq!(
            client.count(&Note::query().only_deleted()).await.unwrap(),
            1
        );

        let cleaned = purge.delete(Deal::filter(Deal::TEAM_SIZE.gt(3)));
        let cleaned = cleaned.run_async(&mut client).await.unwrap();
        assert_eq!(cleaned.tables, [("notes", 1), ("deals", 1)]);
        assert_eq!(
            client.count(&Note::query().only_deleted()).await.unwrap(),
            0
        );
        assert_eq!(client.count(&Deal::query()).await.unwrap(), 1);
    });
}

/// Each transaction reaches another process of the server than the one before.
#[test]
fn a_pooler_is_found_out_and_lived_with() {
    let database = database();
    let address = pooler::pooler(&database);
    let runtime = ::tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let connect = async || {
            let connected = pilaster::tokio_postgres::connect(&address, NoTls).await;
            let (client, connection) = connected.expect("a connection");
            ::tokio::spawn(connection);
            client
        };
        let clients = [
            pilaster::tokio::Cached::new(connect().await),
            pilaster::tokio::Cached::pooled(connect().await),
        ];
        for (number, client) in clients.into_iter().enumerate() {
            let ada = NewPerson::new(format!("ada{number}@example.com"));
            let ada = client.insert(&ada).await.unwrap();
            let new: Vec<_> = (1..=5).map(|n| new_deal(&ada, &n.to_string(), n)).collect();
            let mut deals = Vec::new();
            for deal in &new {
                deals.push(client.insert(deal).await.unwrap());
            }
            assert!(client.is_pooled());
            // Beside each other, while some of it is learnt.
            let large = Deal::filter(Deal::TEAM_SIZE.gt(2));
            let (found, count, rows, gone) = ::tokio::join!(
                client.find::<Deal>(&deals[0].id),
                client.count(&large),
                client.all(&large),
                client.delete::<Deal>(&deals[4].id),
            );
            assert_eq!(found.unwrap().as_ref(), Some(&deals[0]));
            assert!((2..=3).contains(&count.unwrap()));
            assert!((2..=3).contains(&rows.unwrap().len()));
            assert!(gone.unwrap());
            // Nothing was inserted twice.
            assert_eq!(client.count(&Deal::query()).await.unwrap(), 4);
            assert_eq!(client.delete_all(&Deal::query()).await.unwrap(), 4);
        }
    });
}
