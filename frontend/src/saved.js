console.log("saved");
